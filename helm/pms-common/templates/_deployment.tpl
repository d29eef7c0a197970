{{- define "pms.deployment" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- $security := default (dict) .Values.containerSecurityContext -}}
{{- $pod := default (dict) .Values.podSecurityContext -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "pms.metadata" (dict "context" $) | nindent 2 }}
spec:
  {{- if not $pms.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  selector:
    matchLabels: {{- include "pms.matchLabels" . | nindent 6 }}
  {{- with .Values.updateStrategy }}
  strategy: {{- toYaml . | nindent 4 }}
  {{- end }}
  template:
    metadata:
      labels:
        {{- include "pms.standardLabels" . | nindent 8 }}
        {{- with include "pms.render" (dict "value" .Values.podLabels "context" $) }}
        {{- . | nindent 8 }}
        {{- end }}
      annotations:
        {{- with include "pms.render" (dict "value" .Values.podAnnotations "context" $) }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- if dig "enabled" false (default (dict) .Values.metrics) }}
        {{- with include "pms.render" (dict "value" .Values.metrics.podAnnotations "context" $) }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- end }}
        {{- /* A changed configuration starts new pods: settings are read at the start. */}}
        checksum/config: {{ $pms.config | sha256sum }}
    spec:
      {{- with include "pms.imagePullSecrets" (dict "image" .Values.image "context" $) }}
      {{- . | nindent 6 }}
      {{- end }}
      serviceAccountName: {{ include "pms.serviceAccountName" . }}
      automountServiceAccountToken: {{ dig "automountServiceAccountToken" false (default (dict) .Values.serviceAccount) }}
      terminationGracePeriodSeconds: {{ $pms.terminationGracePeriodSeconds }}
      {{- with .Values.priorityClassName }}
      priorityClassName: {{ . | quote }}
      {{- end }}
      {{- with include "pms.affinity" . }}
      affinity: {{- . | nindent 8 }}
      {{- end }}
      {{- if $pms.topologySpread.enabled }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: {{ $pms.topologySpread.topologyKey }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "pms.matchLabels" . | nindent 14 }}
      {{- end }}
      {{- with include "pms.render" (dict "value" .Values.nodeSelector "context" $) }}
      nodeSelector: {{- . | nindent 8 }}
      {{- end }}
      {{- with include "pms.render" (dict "value" .Values.tolerations "context" $) }}
      tolerations: {{- . | nindent 8 }}
      {{- end }}
      {{- with include "pms.render" (dict "value" .Values.hostAliases "context" $) }}
      hostAliases: {{- . | nindent 8 }}
      {{- end }}
      {{- if $pod.enabled }}
      securityContext: {{- omit $pod "enabled" | toYaml | nindent 8 }}
      {{- end }}
      {{- with include "pms.render" (dict "value" .Values.initContainers "context" $) }}
      initContainers: {{- . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "pms.imageName" (dict "image" .Values.image "context" $) }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          {{- if $security.enabled }}
          securityContext: {{- include "pms.containerSecurityContext" . | nindent 12 }}
          {{- end }}
          {{- with include "pms.render" (dict "value" .Values.command "context" $) }}
          command: {{- . | nindent 12 }}
          {{- end }}
          {{- with include "pms.render" (dict "value" .Values.args "context" $) }}
          args: {{- . | nindent 12 }}
          {{- end }}
          {{- with include "pms.render" (dict "value" .Values.lifecycleHooks "context" $) }}
          lifecycle: {{- . | nindent 12 }}
          {{- end }}
          env:
            - name: PMS__SERVER__PORT
              value: {{ .Values.springServicePort | quote }}
            {{- if eq .Chart.Name "pms-certificate" }}
            - name: PMS__KEY_MANAGER__PORT
              value: {{ ternary $pms.keyManager.port 0 (eq $pms.keyManager.kind "embedded") | quote }}
            - name: PMS__KEY_MANAGER__EMBEDDED
              value: {{ eq $pms.keyManager.kind "embedded" | quote }}
            {{- end }}
            {{- with include "pms.env" . | trim }}
            {{- . | nindent 12 }}
            {{- end }}
          {{- with include "pms.envFrom" . | trim }}
          envFrom: {{- . | nindent 12 }}
          {{- end }}
          ports:
            - name: spring-service
              containerPort: {{ .Values.springServicePort }}
            {{- if and (eq .Chart.Name "pms-certificate") (eq $pms.keyManager.kind "embedded") }}
            - name: key-manager
              containerPort: {{ $pms.keyManager.port }}
            {{- end }}
          {{- range $kind := list "startup" "liveness" "readiness" }}
          {{- include "pms.probe" (dict "kind" $kind "context" $) | trim | nindent 10 }}
          {{- end }}
          {{- with .Values.resources }}
          resources: {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with include "pms.volumeMounts" . | trim }}
          volumeMounts: {{- . | nindent 12 }}
          {{- end }}
        {{- with include "pms.render" (dict "value" .Values.sidecars "context" $) }}
        {{- . | nindent 8 }}
        {{- end }}
      {{- with include "pms.volumes" . | trim }}
      volumes: {{- . | nindent 8 }}
      {{- end }}
{{- end -}}
