{{/*
The ways in from outside: Istio, Ingress or Gateway API. Health and metrics stay
off public gateways on each, and /v1/keymanager has no route but one by value, on
the internal gateways of Istio.
*/}}

{{/* Paths below the partner manager's prefix that certificate-service answers. */}}
{{- define "pms.certificatePaths" -}}
exact: [/misps, /partners/partner-certificates-details, /trust-chain-certificates]
prefix: [/misps/, /partners/certificate/, /trust-chain-certificates/, /certificates/, /crl/]
{{- end -}}

{{/* Whether this chart's routes lead certificate paths past partner-service. */}}
{{- define "pms.splits" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if and (eq .Chart.Name "pms-partner") $pms.certificate.host $pms.certificate.prefixes -}}yes{{- end -}}
{{- end -}}

{{- define "pms.virtualService" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- $istio := default (dict) .Values.istio -}}
{{- $name := include "pms.fullname" . -}}
{{- $internal := list -}}
{{- range default (list) $istio.gateways -}}
{{- if has . $pms.istio.internalGateways -}}{{- $internal = append $internal . -}}{{- end -}}
{{- end -}}
{{- $own := printf "%s.%s.svc.%s" $name .Release.Namespace .Values.clusterDomain -}}
{{- if $istio.enabled -}}
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  {{- include "pms.metadata" (dict "context" $) | nindent 2 }}
spec:
  hosts: ["*"]
  gateways: {{- toYaml $istio.gateways | nindent 4 }}
  http:
    {{- with $internal }}
    - match:
        - uri: {prefix: {{ $istio.prefix }}/actuator}
          gateways: {{- toYaml . | nindent 12 }}
      route:
        - destination: {host: {{ $own }}, port: {number: {{ $.Values.service.port }}}}
    {{- end }}
    - match:
        - uri: {prefix: {{ $istio.prefix }}/actuator}
      fault:
        abort: {percentage: {value: 100}, httpStatus: 404}
      route:
        - destination: {host: {{ $own }}, port: {number: {{ .Values.service.port }}}}
    {{- if include "pms.splits" . }}
    {{- $paths := include "pms.certificatePaths" . | fromYaml }}
    - match:
        {{- range $paths.exact }}
        - uri: {exact: {{ $istio.prefix }}{{ . }}}
        {{- end }}
        {{- range $paths.prefix }}
        - uri: {prefix: {{ $istio.prefix }}{{ . }}}
        {{- end }}
      {{- $host := $pms.certificate.host }}
      {{- if not (contains "." $host) }}
      {{- $host = printf "%s.%s.svc.%s" $host .Release.Namespace .Values.clusterDomain }}
      {{- end }}
      {{- include "pms.istioRoute" (dict "host" $host "port" $pms.certificate.port "context" $) | nindent 6 }}
    {{- end }}
    - match:
        - uri: {prefix: {{ $istio.prefix }}}
      {{- include "pms.istioRoute" (dict "host" $own "port" .Values.service.port "context" $) | nindent 6 }}
{{- end -}}
{{- end -}}

{{- define "pms.istioRoute" -}}
route:
  - destination:
      host: {{ .host }}
      port: {number: {{ .port }}}
    headers:
      request:
        set: {x-forwarded-proto: https}
      {{- if eq .context.Chart.Name "pms-partner" }}
      response:
        set: {vary: Origin}
      {{- end }}
{{- with .context.Values.istio.corsPolicy }}
{{- /* `--set allowOrigins[1].prefix=…` alone, as an installer has it, leaves a null in front. */}}
{{- $origins := list }}
{{- range default (list) .allowOrigins }}
{{- if . }}{{- $origins = append $origins (pick . "exact" "prefix" "regex") }}{{- end }}
{{- end }}
corsPolicy: {{- set (omit . "allowOrigins") "allowOrigins" $origins | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The key manager on internal gateways: the onboarding client reads certificates there. */}}
{{- define "pms.keyManagerVirtualService" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if and $pms.istio.keyManager (eq $pms.keyManager.kind "embedded") -}}
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  {{- include "pms.metadata" (dict "suffix" "keymanager" "context" $) | nindent 2 }}
spec:
  hosts: ["*"]
  gateways: {{- toYaml $pms.istio.internalGateways | nindent 4 }}
  http:
    {{- /* The platform's functional tests look here whether there is a key manager. */}}
    - match:
        - uri: {exact: /v1/keymanager/actuator/info}
        - uri: {exact: /v1/keymanager/actuator/health}
      route: &keymanager
        - destination:
            host: {{ include "pms.fullname" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
            port: {number: {{ $pms.keyManager.port }}}
    - match:
        - uri: {prefix: /v1/keymanager/actuator}
      fault:
        abort: {percentage: {value: 100}, httpStatus: 404}
      route: *keymanager
    - match:
        - uri: {prefix: /v1/keymanager/}
      route: *keymanager
{{- end -}}
{{- end -}}

{{/*
An Ingress can't refuse a path, but it can lead it to a Service without pods, for
which every controller answers 503.
*/}}
{{- define "pms.ingress" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- $prefix := .Values.istio.prefix -}}
{{- if $pms.ingress.enabled -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  {{- include "pms.metadata" (dict "annotations" $pms.ingress.annotations "context" $) | nindent 2 }}
spec:
  {{- with $pms.ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with $pms.ingress.tls }}
  tls: {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    - http:
        paths:
          - path: {{ $prefix }}/actuator
            pathType: Prefix
            backend: {service: {name: {{ include "pms.named" (dict "suffix" "closed" "context" $) }}, port: {number: 80}}}
          {{- if include "pms.splits" . }}
          {{- $paths := include "pms.certificatePaths" . | fromYaml }}
          {{- range $paths.exact }}
          - path: {{ $prefix }}{{ . }}
            pathType: Exact
            backend: {service: {name: {{ $pms.certificate.host }}, port: {number: {{ $pms.certificate.port }}}}}
          {{- end }}
          {{- range $paths.prefix }}
          - path: {{ $prefix }}{{ . }}
            pathType: Prefix
            backend: {service: {name: {{ $pms.certificate.host }}, port: {number: {{ $pms.certificate.port }}}}}
          {{- end }}
          {{- end }}
          - path: {{ $prefix }}
            pathType: Prefix
            backend: {service: {name: {{ include "pms.fullname" . }}, port: {number: {{ .Values.service.port }}}}}
      {{- with $pms.ingress.host }}
      host: {{ . }}
      {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "pms.metadata" (dict "suffix" "closed" "context" $) | nindent 2 }}
spec:
  type: ClusterIP
  ports:
    - {port: 80, protocol: TCP, targetPort: 80}
{{- end -}}
{{- end -}}

{{/* A rule without backends is answered with an error by every gateway. */}}
{{- define "pms.httpRoute" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- $prefix := .Values.istio.prefix -}}
{{- if $pms.httpRoute.enabled -}}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  {{- include "pms.metadata" (dict "context" $) | nindent 2 }}
spec:
  parentRefs: {{- toYaml $pms.httpRoute.parentRefs | nindent 4 }}
  {{- with $pms.httpRoute.hostnames }}
  hostnames: {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    - matches:
        - path: {type: PathPrefix, value: {{ $prefix }}/actuator}
    {{- if include "pms.splits" . }}
    {{- $paths := include "pms.certificatePaths" . | fromYaml }}
    - matches:
        {{- range $paths.exact }}
        - path: {type: Exact, value: {{ $prefix }}{{ . }}}
        {{- end }}
        {{- range $paths.prefix }}
        - path: {type: PathPrefix, value: {{ $prefix }}{{ . | trimSuffix "/" }}}
        {{- end }}
      backendRefs:
        - {name: {{ $pms.certificate.host }}, port: {{ $pms.certificate.port }}}
    {{- end }}
    - matches:
        - path: {type: PathPrefix, value: {{ $prefix }}}
      backendRefs:
        - {name: {{ include "pms.fullname" . }}, port: {{ .Values.service.port }}}
{{- end -}}
{{- end -}}
