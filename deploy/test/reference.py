"""Releases of the reference as clusters have them: the objects and the names that
an upgrade meets, in a chart of our own.

Nothing of the reference's charts is copied; names, labels and ports are those that
docs/contract names.
"""
import pathlib

SERVICE = {
    "pms-partner": (9109, "/v1/partnermanager"),
    "pms-policy": (9107, "/v1/policymanager"),
}

LABELS = """\
    app.kubernetes.io/name: {name}
    helm.sh/chart: {name}-{version}
    app.kubernetes.io/instance: {{{{ .Release.Name }}}}
    app.kubernetes.io/managed-by: {{{{ .Release.Service }}}}
    app.kubernetes.io/component: mosip
"""

VALUES = """\
commonLabels: {{app.kubernetes.io/component: mosip}}
replicaCount: 1
service: {{type: ClusterIP, port: 80, nodePorts: {{http: "", https: ""}}, externalTrafficPolicy: Cluster}}
image: {{registry: docker.io, repository: mosipid/{name}, tag: {version}, pullPolicy: Always}}
springServicePort: {port}
startupProbe: &probe
  enabled: true
  httpGet: {{path: {path}/actuator/health, port: {port}}}
  initialDelaySeconds: 0
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 30
  successThreshold: 1
livenessProbe: *probe
readinessProbe: *probe
customLivenessProbe: {{}}
customReadinessProbe: {{}}
command: []
args: []
hostAliases: []
resources:
  limits: {{cpu: 700m, memory: 3500Mi}}
  requests: {{cpu: 100m, memory: 1000Mi}}
additionalResources: {{javaOpts: "-Xms2750M -Xmx2750M"}}
containerSecurityContext: {{enabled: false, runAsUser: mosip, runAsNonRoot: true}}
podSecurityContext: {{enabled: false, fsGroup: 1001}}
podAffinityPreset: ""
podAntiAffinityPreset: soft
nodeAffinityPreset: {{type: "", key: "", values: []}}
affinity: {{}}
nodeSelector: {{}}
tolerations: []
podLabels: {{}}
podAnnotations: {{}}
lifecycleHooks: {{}}
updateStrategy: {{type: RollingUpdate}}
extraEnvVars: []
extraEnvVarsCM: [global, config-server-share, artifactory-share]
extraEnvVarsSecret: {secrets}
extraVolumes: []
extraVolumeMounts: []
initContainers: {{}}
sidecars: {{}}
persistence: {{enabled: false, accessModes: [ReadWriteOnce], size: 10M}}
volumePermissions: {{enabled: false}}
rbac: {{create: true}}
serviceAccount: {{create: true}}
metrics:
  enabled: true
  podAnnotations: {{prometheus.io/scrape: "true"}}
  endpointPath: {path}/actuator/prometheus
  serviceMonitor: {{enabled: true, interval: 10s, honorLabels: false, additionalLabels: {{}}}}
  prometheusRule: {{enabled: false, additionalLabels: {{}}, namespace: "", rules: []}}
istio:
  enabled: true
  gateways: [istio-system/public, istio-system/internal]
  prefix: {path}
  corsPolicy:
    allowOrigins: [{{prefix: "https://pmp.sandbox.xyz.net"}}]
    allowCredentials: true
    allowHeaders: [Accept]
    allowMethods: [GET, POST, PATCH, PUT, DELETE]
"""

TEMPLATES = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
{labels}spec:
  replicas: {{{{ .Values.replicaCount }}}}
  selector:
    matchLabels: &match
      app.kubernetes.io/name: {name}
      app.kubernetes.io/instance: {{{{ .Release.Name }}}}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
        helm.sh/chart: {name}-{version}
        app.kubernetes.io/instance: {{{{ .Release.Name }}}}
        app.kubernetes.io/managed-by: {{{{ .Release.Service }}}}
      annotations: {{prometheus.io/scrape: "true"}}
    spec:
      serviceAccountName: {name}
      containers:
        - name: {name}
          image: docker.io/mosipid/{name}:{version}
          env: [{{name: container_user, value: mosip}}, {{name: JDK_JAVA_OPTIONS, value: "-Xmx2750M"}}]
          envFrom: [{{configMapRef: {{name: global}}}}, {{configMapRef: {{name: config-server-share}}}}]
          ports: [{{name: spring-service, containerPort: {port}}}]
          startupProbe: {{httpGet: {{path: {path}/actuator/health, port: {port}}}, failureThreshold: 30}}
---
apiVersion: v1
kind: Service
metadata:
  name: {name}
  labels:
{labels}spec:
  type: ClusterIP
  ports: [{{port: 80, protocol: TCP, targetPort: {port}}}]
  selector:
    app.kubernetes.io/name: {name}
    app.kubernetes.io/instance: {{{{ .Release.Name }}}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  labels:
{labels}---
apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: {name}
  labels:
{labels}spec:
  hosts: ["*"]
  gateways: [istio-system/public, istio-system/internal]
  http: [{{match: [{{uri: {{prefix: {path}}}}}], route: [{{destination: {{host: {name}, port: {{number: 80}}}}}}]}}]
"""

BINDING = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {name}
  labels:
{labels}roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {name}}}
subjects: [{{kind: ServiceAccount, name: {name}, namespace: "{{{{ .Release.Namespace }}}}"}}]
"""


def chart(folder, name, version):
    """Writes a chart with the objects of the reference's release `version`."""
    port, path = SERVICE[name]
    folder = pathlib.Path(folder)
    (folder / "templates").mkdir(parents=True)
    old = version.startswith("12.")
    words = {"name": name, "version": version, "port": port, "path": path, "secrets": '""' if old else "[]"}
    words["labels"] = LABELS.format(**words)
    (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n")
    (folder / "values.yaml").write_text(VALUES.format(**words))
    (folder / "templates/all.yaml").write_text(TEMPLATES.format(**words) + (BINDING.format(**words) if old else ""))
