{{/* The objects beside the Deployment, one template each. */}}

{{- define "pms.service" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- $keyManager := and (eq .Chart.Name "pms-certificate") (eq $pms.keyManager.kind "embedded") -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "pms.metadata" (dict "context" $) | nindent 2 }}
spec:
  type: {{ .Values.service.type }}
  {{- if or (eq .Values.service.type "LoadBalancer") (eq .Values.service.type "NodePort") }}
  externalTrafficPolicy: {{ .Values.service.externalTrafficPolicy | quote }}
  {{- end }}
  {{- if eq .Values.service.type "LoadBalancer" }}
  {{- with .Values.service.loadBalancerSourceRanges }}
  loadBalancerSourceRanges: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.service.loadBalancerIP }}
  loadBalancerIP: {{ . }}
  {{- end }}
  {{- end }}
  ports:
    - port: {{ .Values.service.port }}
      protocol: TCP
      targetPort: {{ .Values.springServicePort }}
      {{- if $keyManager }}
      name: http
      {{- end }}
      {{- $node := dig "nodePorts" "http" "" .Values.service }}
      {{- if and $node (ne .Values.service.type "ClusterIP") }}
      nodePort: {{ $node }}
      {{- end }}
    {{- if $keyManager }}
    - port: {{ $pms.keyManager.port }}
      protocol: TCP
      targetPort: key-manager
      name: http-keymanager
    {{- end }}
  selector: {{- include "pms.matchLabels" . | nindent 4 }}
{{- end -}}

{{- define "pms.serviceAccount" -}}
{{- if dig "create" false (default (dict) .Values.serviceAccount) -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- $metadata := include "pms.metadata" (dict "context" $) | fromYaml }}
  {{- $_ := set $metadata "name" (include "pms.serviceAccountName" .) }}
  {{- toYaml $metadata | nindent 2 }}
automountServiceAccountToken: false
{{- end -}}
{{- end -}}

{{- define "pms.configMap" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if $pms.config -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "pms.metadata" (dict "suffix" "config" "context" $) | nindent 2 }}
data:
  pms.toml: {{ tpl $pms.config . | quote }}
{{- end -}}
{{- end -}}

{{- define "pms.autoscaler" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if $pms.autoscaling.enabled -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "pms.metadata" (dict "context" $) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "pms.fullname" . }}
  minReplicas: {{ $pms.autoscaling.minReplicas }}
  maxReplicas: {{ $pms.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $pms.autoscaling.targetCPUUtilizationPercentage }}
{{- end -}}
{{- end -}}

{{- define "pms.disruptionBudget" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if $pms.podDisruptionBudget.enabled -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "pms.metadata" (dict "context" $) | nindent 2 }}
spec:
  maxUnavailable: {{ $pms.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels: {{- include "pms.matchLabels" . | nindent 6 }}
{{- end -}}
{{- end -}}

{{/*
A policy can't filter paths, so the key manager has a port of its own. Every other
port stays open unless `from` says otherwise: probes, metrics and sidecars use some.
*/}}
{{- define "pms.networkPolicy" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- $keyManager := and (eq .Chart.Name "pms-certificate") (eq $pms.keyManager.kind "embedded") -}}
{{- if $pms.networkPolicy.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "pms.metadata" (dict "context" $) | nindent 2 }}
spec:
  podSelector:
    matchLabels: {{- include "pms.matchLabels" . | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    {{- if $keyManager }}
    - ports:
        - {protocol: TCP, port: {{ $pms.keyManager.port }}}
      from:
        - podSelector:
            matchExpressions:
              - key: app.kubernetes.io/name
                operator: In
                values: [pms-partner, pms-policy, pms-certificate]
        {{- range $pms.keyManager.namespaces }}
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ . }}
        {{- end }}
    {{- end }}
    {{- if $pms.networkPolicy.from }}
    - ports:
        - {protocol: TCP, port: {{ .Values.springServicePort }}}
      from: {{- include "pms.render" (dict "value" $pms.networkPolicy.from "context" $) | nindent 8 }}
    {{- else if $keyManager }}
    - ports:
        - {protocol: TCP, port: 1, endPort: {{ sub $pms.keyManager.port 1 }}}
        - {protocol: TCP, port: {{ add $pms.keyManager.port 1 }}, endPort: 65535}
    {{- else }}
    - ports:
        - {protocol: TCP, port: 1, endPort: 65535}
    {{- end }}
{{- end -}}
{{- end -}}

{{- define "pms.serviceMonitor" -}}
{{- $metrics := default (dict) .Values.metrics -}}
{{- $monitor := dig "serviceMonitor" (dict) $metrics -}}
{{- if and $metrics.enabled $monitor.enabled (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- $metadata := include "pms.metadata" (dict "context" $) | fromYaml }}
  {{- $_ := set $metadata "namespace" (default .Release.Namespace $monitor.namespace) }}
  {{- $_ := set $metadata "labels" (mergeOverwrite (dict) (default (dict) $monitor.additionalLabels) $metadata.labels) }}
  {{- toYaml $metadata | nindent 2 }}
spec:
  endpoints:
    - targetPort: {{ .Values.springServicePort }}
      path: {{ $metrics.endpointPath }}
      {{- with $monitor.interval }}
      interval: {{ . }}
      {{- end }}
      {{- with $monitor.scrapeTimeout }}
      scrapeTimeout: {{ . }}
      {{- end }}
      {{- if $monitor.honorLabels }}
      honorLabels: true
      {{- end }}
      {{- with $monitor.relabellings }}
      metricRelabelings: {{- toYaml . | nindent 8 }}
      {{- end }}
  namespaceSelector:
    matchNames: [{{ .Release.Namespace }}]
  selector:
    matchLabels: {{- include "pms.matchLabels" . | nindent 6 }}
{{- end -}}
{{- end -}}

{{- define "pms.prometheusRule" -}}
{{- $metrics := default (dict) .Values.metrics -}}
{{- $rule := dig "prometheusRule" (dict) $metrics -}}
{{- $ours := .Files.Get "files/alerts.yaml" -}}
{{- if and $metrics.enabled $rule.enabled (or $rule.rules $ours) (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") -}}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  {{- $metadata := include "pms.metadata" (dict "context" $) | fromYaml }}
  {{- $_ := set $metadata "namespace" (default .Release.Namespace $rule.namespace) }}
  {{- $_ := set $metadata "labels" (mergeOverwrite (dict) (default (dict) $rule.additionalLabels) $metadata.labels) }}
  {{- toYaml $metadata | nindent 2 }}
spec:
  groups:
    {{- with $ours }}
    {{- (. | fromYaml).groups | toYaml | nindent 4 }}
    {{- end }}
    {{- with $rule.rules }}
    - name: {{ include "pms.fullname" $ }}
      rules: {{- include "pms.render" (dict "value" . "context" $) | nindent 8 }}
    {{- end }}
{{- end -}}
{{- end -}}

{{- define "pms.dashboard" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- $file := .Files.Get "files/dashboard.json" -}}
{{- if and $pms.dashboard.enabled $file -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- $metadata := include "pms.metadata" (dict "suffix" "dashboard" "annotations" $pms.dashboard.annotations "context" $) | fromYaml }}
  {{- $_ := set $metadata "labels" (mergeOverwrite (dict) $pms.dashboard.labels $metadata.labels) }}
  {{- toYaml $metadata | nindent 2 }}
data:
  pms.json: {{ $file | quote }}
{{- end -}}
{{- end -}}

{{- define "pms.extraList" -}}
{{- range .Values.extraDeploy }}
---
{{ include "pms.render" (dict "value" . "context" $) }}
{{- end }}
{{- end -}}
