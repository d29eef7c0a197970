{{/*
The section `pms` with its defaults. `helm upgrade --reuse-values` from a release
of the reference brings the values of *that* chart: without these, its first new
key would be a nil pointer. The test of the charts keeps values.yaml equal to this.
*/}}
{{- define "pms.defaults" -}}
config: ""
envSecrets: []
caBundle:
  configMap: ""
  secret: ""
  key: ca.crt
certificate:
  host: ""
  port: 80
  prefixes: true
keyManager:
  kind: external
  port: 9112
  host: pms-certificate
  namespaces: []
kek:
  existingSecret: ""
  key: kek
  create: false
cli:
  image:
    registry: registry.example.org
    repository: pms/pms
    tag: ""
    digest: ""
    pullPolicy: IfNotPresent
    pullSecrets: []
  resources:
    requests: {cpu: 50m, memory: 64Mi}
    limits: {cpu: 500m, memory: 256Mi}
migration:
  enabled: true
  owner:
    user: postgres
    existingSecret: ""
    passwordKey: postgres-password
  args: []
  backoffLimit: 1
  activeDeadlineSeconds: 900
test:
  enabled: true
autoscaling:
  enabled: false
  minReplicas: 2
  maxReplicas: 6
  targetCPUUtilizationPercentage: 70
podDisruptionBudget:
  enabled: true
  maxUnavailable: 1
topologySpread:
  enabled: true
  topologyKey: topology.kubernetes.io/zone
networkPolicy:
  enabled: false
  from: []
terminationGracePeriodSeconds: 30
istio:
  internalGateways: [istio-system/internal]
  keyManager: false
ingress:
  enabled: false
  className: ""
  host: ""
  annotations: {}
  tls: []
httpRoute:
  enabled: false
  parentRefs: []
  hostnames: []
dashboard:
  enabled: false
  labels: {grafana_dashboard: "1"}
  annotations: {}
{{- end -}}

{{- define "pms.values" -}}
{{- $global := dig "pms" (dict) (default (dict) .Values.global) -}}
{{- $values := mergeOverwrite (include "pms.defaults" . | fromYaml) (deepCopy (default (dict) .Values.pms)) -}}
{{- /* Set once for all charts of the umbrella. */ -}}
{{- $_ := set $values "config" (default (default "" $global.config) $values.config) -}}
{{- $_ := set $values "envSecrets" (concat (default (list) $global.envSecrets) (default (list) $values.envSecrets) | uniq) -}}
{{- toYaml $values -}}
{{- end -}}
