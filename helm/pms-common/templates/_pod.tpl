{{/* What the pods of services, Jobs and the test have in common. */}}

{{- define "pms.env" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- with .Values.springConfigNameEnv }}
- name: spring_config_name_env
  value: {{ . | quote }}
{{- end }}
{{- with .Values.activeProfileEnv }}
- name: active_profile_env
  value: {{ . | quote }}
{{- end }}
{{- if $pms.config }}
- name: PMS_CONFIG
  value: /etc/pms/config/pms.toml
{{- end }}
{{- if or $pms.caBundle.configMap $pms.caBundle.secret }}
- name: PMS__OUTBOUND__CA_BUNDLE
  value: /etc/pms/ca/ca.pem
{{- end }}
{{- if eq $pms.keyManager.kind "embedded" }}
- name: PMS__KEY_MANAGER__URL
  value: {{ printf "http://%s:%v/v1/keymanager" $pms.keyManager.host $pms.keyManager.port | quote }}
{{- end }}
{{- with $pms.certificate.host }}
- name: PMS__SERVICES__CERTIFICATE_URL
  value: {{ printf "http://%s%s" . (ternary "" (printf ":%v" $pms.certificate.port) (eq (int $pms.certificate.port) 80)) | quote }}
{{- end }}
{{- if include "pms.kekSecret" . }}
- name: PMS__KEY_MANAGER__KEK_FILE
  value: /etc/pms/kek/kek
- name: PMS__KEY_MANAGER__KEK_FILE_GROUP_READABLE
  value: "true"
{{- end }}
{{- with include "pms.render" (dict "value" .Values.extraEnvVars "context" $) }}
{{ . }}
{{- end }}
{{- end -}}

{{- define "pms.envFrom" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- /* The charts 12.x took one name where 1.3 takes a list. */ -}}
{{- $maps := .Values.extraEnvVarsCM -}}
{{- range ternary (list $maps) $maps (kindIs "string" $maps) }}
{{- if . }}
- configMapRef:
    name: {{ tpl . $ }}
{{- end }}
{{- end }}
{{- $secrets := .Values.extraEnvVarsSecret -}}
{{- range concat (ternary (list $secrets) (default (list) $secrets) (kindIs "string" $secrets)) $pms.envSecrets }}
{{- if . }}
- secretRef:
    name: {{ tpl . $ }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The secret with the key encryption key; nothing where the key manager is another's. */}}
{{- define "pms.kekSecret" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if $pms.kek.existingSecret -}}
{{- $pms.kek.existingSecret -}}
{{- else if $pms.kek.create -}}
{{- include "pms.named" (dict "suffix" "kek" "context" .) -}}
{{- end -}}
{{- end -}}

{{- define "pms.volumes" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if $pms.config }}
- name: pms-config
  configMap:
    name: {{ .configMapName | default (include "pms.named" (dict "suffix" "config" "context" .)) }}
{{- end }}
{{- if $pms.caBundle.configMap }}
- name: pms-ca
  configMap:
    name: {{ $pms.caBundle.configMap }}
    items: [{key: {{ $pms.caBundle.key | quote }}, path: ca.pem}]
{{- else if $pms.caBundle.secret }}
- name: pms-ca
  secret:
    secretName: {{ $pms.caBundle.secret }}
    items: [{key: {{ $pms.caBundle.key | quote }}, path: ca.pem}]
{{- end }}
{{- with include "pms.kekSecret" . }}
- name: pms-kek
  secret:
    secretName: {{ . }}
    defaultMode: 0440
    items: [{key: {{ $pms.kek.key | quote }}, path: kek}]
{{- end }}
{{- with include "pms.render" (dict "value" .Values.extraVolumes "context" $) }}
{{ . }}
{{- end }}
{{- end -}}

{{- define "pms.volumeMounts" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if $pms.config }}
- {name: pms-config, mountPath: /etc/pms/config, readOnly: true}
{{- end }}
{{- if or $pms.caBundle.configMap $pms.caBundle.secret }}
- {name: pms-ca, mountPath: /etc/pms/ca, readOnly: true}
{{- end }}
{{- if include "pms.kekSecret" . }}
- {name: pms-kek, mountPath: /etc/pms/kek, readOnly: true}
{{- end }}
{{- with include "pms.render" (dict "value" .Values.extraVolumeMounts "context" $) }}
{{ . }}
{{- end }}
{{- end -}}

{{/* Numbers where the reference's values have names: Kubernetes refuses `runAsUser: mosip`. */}}
{{- define "pms.containerSecurityContext" -}}
{{- $context := omit (default (dict) .Values.containerSecurityContext) "enabled" -}}
{{- if kindIs "string" $context.runAsUser -}}
{{- $context = set (deepCopy $context) "runAsUser" (ternary (int $context.runAsUser) 1002 (regexMatch "^[0-9]+$" $context.runAsUser)) -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{/* Jobs and the test are ours alone: always without rights. */}}
{{- define "pms.restricted" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
runAsGroup: 1001
runAsNonRoot: true
runAsUser: 1002
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "pms.affinity" -}}
{{- if .Values.affinity -}}
{{- include "pms.render" (dict "value" .Values.affinity "context" $) -}}
{{- else -}}
{{- $terms := dict -}}
{{- range $name, $preset := dict "podAffinity" .Values.podAffinityPreset "podAntiAffinity" .Values.podAntiAffinityPreset -}}
{{- $term := dict "labelSelector" (dict "matchLabels" (include "pms.matchLabels" $ | fromYaml)) "namespaces" (list $.Release.Namespace) "topologyKey" "kubernetes.io/hostname" -}}
{{- if eq (default "" $preset) "soft" -}}
{{- $_ := set $terms $name (dict "preferredDuringSchedulingIgnoredDuringExecution" (list (dict "podAffinityTerm" $term "weight" 1))) -}}
{{- else if eq (default "" $preset) "hard" -}}
{{- $_ := set $terms $name (dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term)) -}}
{{- end -}}
{{- end -}}
{{- $node := default (dict) .Values.nodeAffinityPreset -}}
{{- if and $node.type $node.key -}}
{{- $expression := dict "matchExpressions" (list (dict "key" $node.key "operator" "In" "values" $node.values)) -}}
{{- if eq $node.type "soft" -}}
{{- $_ := set $terms "nodeAffinity" (dict "preferredDuringSchedulingIgnoredDuringExecution" (list (dict "preference" $expression "weight" 1))) -}}
{{- else -}}
{{- $_ := set $terms "nodeAffinity" (dict "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" (list $expression))) -}}
{{- end -}}
{{- end -}}
{{- with $terms }}{{ toYaml . }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* Probe `kind` (startup, liveness, readiness); the custom one when the normal one is off. */}}
{{- define "pms.probe" -}}
{{- $values := .context.Values -}}
{{- $probe := get $values (printf "%sProbe" .kind) | default (dict) -}}
{{- $custom := get $values (printf "custom%sProbe" (title .kind)) -}}
{{- if $probe.enabled }}
{{ .kind }}Probe: {{- omit $probe "enabled" | toYaml | nindent 2 }}
{{- else if $custom }}
{{ .kind }}Probe: {{- include "pms.render" (dict "value" $custom "context" .context) | nindent 2 }}
{{- end }}
{{- end -}}
