#!/usr/bin/env python3
"""Checks the charts without a cluster. Usage: charts.py DIR (of deploy/charts.sh)

Renders every documented set of values, validates the objects against the schemas
of the oldest and the newest Kubernetes, and looks for what must never be there.
"""
import copy
import json
import os
import pathlib
import re
import subprocess
import sys

import kubernetes_validate
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
CHARTS = pathlib.Path(sys.argv[1])
HELM = os.environ.get("HELM", "helm")
# The oldest and the newest that the charts are promised for.
VERSIONS = ["1.25.0", "1.37.0"]
SERVICES = ["pms-partner", "pms-policy", "pms-certificate"]
MONITORING = ["--api-versions", "monitoring.coreos.com/v1"]
# No schemas for these: they are definitions of others.
FOREIGN = {"VirtualService", "ServiceMonitor", "PrometheusRule", "HTTPRoute"}
FAILURES = []


def expect(condition, text):
    if not condition:
        FAILURES.append(text)


def sets(*pairs):
    return [word for pair in pairs for word in ("--set", pair)]


OPTION = {
    "none": [],
    # What the installers of the field say.
    "install.sh of the reference": sets(
        "istio.corsPolicy.allowOrigins[0].prefix=https://pmp.example.org",
        "istio.corsPolicy.allowOrigins[1].prefix=https://pmp-new.example.org",
    ),
    "pms/install.sh of the reference": sets("istio.corsPolicy.allowOrigins[1].prefix=https://pmp.example.org"),
    "platform installer": sets(
        "istio.corsPolicy.allowOrigins[0].prefix=https://pmp.example.org",
        "istio.corsPolicy.allowOrigins[1].prefix=https://pmp-revamp.example.org",
    ),
    "helmsman": sets(
        "istio.corsPolicy.allowOrigins[0].prefix=https://pmp.example.org",
        "image.repository=example/partner", "image.tag=1.2.3",
    ),
    "secret as in 12.x": sets("extraEnvVarsSecret=foo"),
    "secret as in 1.3": sets("extraEnvVarsSecret[0]=foo"),
    "user by name": sets("containerSecurityContext.enabled=true", "containerSecurityContext.runAsUser=mosip"),
    "java keys": sets(
        "additionalResources.javaOpts=-Xmx2g", "persistence.enabled=true", "volumePermissions.image.tag=10",
        "rbac.create=false", "serviceAccount.create=false", "springConfigNameEnv=partner-management", "activeProfileEnv=default\\,qa",
    ),
    "own probes": sets(
        "startupProbe.enabled=false", "livenessProbe.enabled=false", "readinessProbe.enabled=false",
        "customLivenessProbe.httpGet.path=/x", "customLivenessProbe.httpGet.port=80",
    ),
    "monitoring": sets("metrics.prometheusRule.enabled=true", "pms.dashboard.enabled=true") + MONITORING,
    "scaling": sets("pms.autoscaling.enabled=true", "podAntiAffinityPreset=hard", "nodeAffinityPreset.type=soft", "nodeAffinityPreset.key=zone", "nodeAffinityPreset.values[0]=a"),
    "volumes": sets(
        "pms.caBundle.configMap=ca", "pms.config=[limits]\npage_size = 100", "pms.envSecrets[0]=pms-secrets",
        "extraVolumes[0].name=x", "extraVolumes[0].emptyDir.medium=Memory",
        "extraVolumeMounts[0].name=x", "extraVolumeMounts[0].mountPath=/x",
        "sidecars[0].name=s", "sidecars[0].image=example/s:1", "sidecars[0].securityContext.runAsNonRoot=true",
        "sidecars[0].resources.limits.memory=1Mi", "sidecars[0].resources.limits.cpu=1m",
    ),
    "migration by the owner": sets("pms.migration.owner.existingSecret=postgres-postgresql", "pms.config=[outbox]"),
    "no migration": sets("pms.migration.enabled=false", "pms.test.enabled=false"),
    "ingress": sets("istio.enabled=false", "pms.ingress.enabled=true", "pms.ingress.host=api.example.org", "pms.ingress.className=nginx", "pms.certificate.host=pms-certificate"),
    "gateway api": sets("istio.enabled=false", "pms.httpRoute.enabled=true", "pms.httpRoute.parentRefs[0].name=gateway", "pms.certificate.host=pms-certificate"),
    "istio with certificate-service": sets("pms.certificate.host=pms-certificate"),
    "network policy": sets("pms.networkPolicy.enabled=true", "pms.networkPolicy.from[0].namespaceSelector.matchLabels.a=b"),
    "embedded key manager": sets("pms.keyManager.kind=embedded", "pms.kek.create=true", "pms.keyManager.namespaces[0]=esignet", "pms.istio.keyManager=true"),
    "kek of the operator": sets("pms.keyManager.kind=embedded", "pms.kek.existingSecret=my-kek"),
    "load balancer": sets("service.type=LoadBalancer", "service.loadBalancerSourceRanges[0]=10.0.0.0/8", "service.nodePorts.http=30080"),
    "digest": sets("image.digest=sha256:" + "0" * 64, "global.imageRegistry=mirror.example.org", "global.imagePullSecrets[0]=pull"),
    "single names": sets("extraEnvVarsCM=only"),
    "extra objects": sets("extraDeploy[0].apiVersion=v1", "extraDeploy[0].kind=ConfigMap", "extraDeploy[0].metadata.name=x"),
}


def template(chart, options=(), version="1.31.0"):
    command = [HELM, "template", chart, str(CHARTS / chart), "--namespace", "pms", "--kube-version", version, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def objects(chart, options=(), version="1.31.0", name=""):
    run = template(chart, options, version)
    if run.returncode:
        if not options:
            print(run.stderr, file=sys.stderr)
        FAILURES.append(f"{chart} {name}: {run.stderr.strip()[:400]}")
        return []
    return [found for found in yaml.safe_load_all(run.stdout) if found]


def pod_of(found):
    if found["kind"] == "Pod":
        return found["spec"]
    return found.get("spec", {}).get("template", {}).get("spec")


def one(found, kind, name=None):
    return next((o for o in found if o["kind"] == kind and name in (None, o["metadata"]["name"])), None)


def policies(where, found):
    """What no set of values may break."""
    for o in found:
        label = f"{where}: {o['kind']}/{o['metadata']['name']}"
        expect(o["metadata"].get("namespace", "pms") == "pms" or o["kind"] in FOREIGN, f"{label}: another namespace")
        spec = pod_of(o)
        if not spec:
            continue
        for container in spec.get("containers", []) + spec.get("initContainers", []):
            image = container["image"]
            expect(re.search(r"(:[^/:]+|@sha256:[0-9a-f]{64})$", image) and not image.endswith(":latest"), f"{label}: image {image} has no version")
            limits = container.get("resources", {}).get("limits", {})
            expect({"cpu", "memory"} <= set(limits), f"{label}: no limits")
            security = container.get("securityContext", {})
            expect(security.get("runAsNonRoot") is True, f"{label}: may run as root")
            if container["name"] in SERVICES + ["pms"]:
                expect(security.get("runAsUser") == 1002, f"{label}: not user 1002")
                expect(security.get("readOnlyRootFilesystem") is True, f"{label}: writable root")
                expect(security.get("capabilities", {}).get("drop") == ["ALL"], f"{label}: capabilities")
                expect(security.get("allowPrivilegeEscalation") is False, f"{label}: may gain rights")
        # make-kek alone speaks to the API server.
        allowed = o["kind"] == "Job" and o["metadata"]["name"].endswith("make-kek")
        expect(allowed or spec.get("automountServiceAccountToken") is False, f"{label}: has a token it does not need")
    routes(where, found)


def routes(where, found):
    """Neither the key manager nor health and metrics behind a public gateway."""
    for o in found:
        if o["kind"] == "VirtualService":
            public = [g for g in o["spec"]["gateways"] if g != "istio-system/internal"]
            for rule in o["spec"]["http"]:
                uris = [str(m["uri"]) for m in rule["match"]]
                narrow = all(m.get("gateways") == ["istio-system/internal"] for m in rule["match"])
                if public and not narrow and "fault" not in rule:
                    expect(not any("keymanager" in u or "actuator" in u for u in uris), f"{where}: a public way to {uris}")
            rules = o["spec"]["http"]
            if not public and "exact" in rules[0]["match"][0]["uri"]:
                # The two pages that clients inside look at.
                pages = [m["uri"].get("exact", "").rsplit("/actuator/")[-1] for m in rules[0]["match"]]
                expect(set(pages) <= {"info", "health"}, f"{where}: more than info and health: {pages}")
                rules = rules[1:]
            first = rules[0]["match"][0]["uri"].get("prefix", "")
            expect(first.endswith("/actuator"), f"{where}: health is not the first rule of {o['metadata']['name']}")
        if o["kind"] == "Ingress":
            paths = o["spec"]["rules"][0]["http"]["paths"]
            closed = next(p for p in paths if p["path"].endswith("/actuator"))["backend"]["service"]["name"]
            service = one(found, "Service", closed)
            expect(service and "selector" not in service["spec"], f"{where}: health behind the Ingress")
            expect(not any("keymanager" in p["path"] for p in paths), f"{where}: key manager behind the Ingress")
        if o["kind"] == "HTTPRoute":
            rules = o["spec"]["rules"]
            closed = next(r for r in rules if r["matches"][0]["path"]["value"].endswith("/actuator"))
            expect("backendRefs" not in closed, f"{where}: health behind the HTTPRoute")
            expect("keymanager" not in str(rules), f"{where}: key manager behind the HTTPRoute")


def validate(where, found, version):
    for o in found:
        if o["kind"] in FOREIGN:
            continue
        try:
            kubernetes_validate.validate(copy.deepcopy(o), version.rsplit(".", 1)[0], strict=True)
        except kubernetes_validate.ValidationError as error:
            FAILURES.append(f"{where} on {version}: {o['kind']}/{o['metadata']['name']}: {error.message} at {list(error.path)}")


def every_set():
    count = 0
    for chart in SERVICES:
        for name, options in OPTION.items():
            for version in VERSIONS:
                where = f"{chart}, {name}"
                found = objects(chart, options, version, name)
                validate(where, found, version)
                policies(where, found)
                selectors(where, chart, found)
                count += 1
    umbrella = {
        "none": [],
        "own key manager": sets("pms-certificate.pms.keyManager.kind=external", "pms-partner.pms.keyManager.kind=external", "pms-policy.pms.keyManager.kind=external", "pms-certificate.pms.kek.create=false"),
        "one configuration": sets("global.imageRegistry=mirror.example.org", "global.pms.config=[outbox]", "global.pms.envSecrets[0]=pms-secrets", "pms.migration.owner.existingSecret=owner"),
        "without certificate-service": sets("pms-certificate.enabled=false", "pms-partner.pms.certificate.host=", "pms-policy.pms.certificate.host=", "pms-partner.pms.keyManager.kind=external", "pms-policy.pms.keyManager.kind=external"),
    }
    for name, options in umbrella.items():
        for version in VERSIONS:
            found = objects("pms", options, version, name)
            validate(f"pms, {name}", found, version)
            policies(f"pms, {name}", found)
            jobs = [o["metadata"]["name"] for o in found if o["kind"] == "Job" and "migrate" in o["metadata"]["name"]]
            expect(jobs == ["pms-migrate"], f"pms, {name}: migrations {jobs}")
            names = {o["metadata"]["name"] for o in found if o["kind"] == "Service"}
            wanted = set(SERVICES) - ({"pms-certificate"} if "enabled=false" in " ".join(options) else set())
            expect(names == wanted, f"pms, {name}: services {names}")
            count += 1
    print(f"{count} renderings of {len(OPTION)} + {len(umbrella)} sets of values")


def selectors(where, chart, found):
    """What a release of the reference has and Kubernetes or others rely on."""
    deployment = one(found, "Deployment")
    if not deployment:
        return
    labels = {"app.kubernetes.io/name": chart, "app.kubernetes.io/instance": chart}
    expect(deployment["spec"]["selector"] == {"matchLabels": labels}, f"{where}: selector")
    expect(labels.items() <= deployment["spec"]["template"]["metadata"]["labels"].items(), f"{where}: labels of the pods")
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    expect(container["name"] == chart, f"{where}: name of the container")
    expect(container["ports"][0]["name"] == "spring-service", f"{where}: name of the port")
    service = one(found, "Service", chart)
    expect(service["spec"]["selector"] == labels, f"{where}: selector of the Service")
    if chart != "pms-certificate":
        expect("name" not in service["spec"]["ports"][0], f"{where}: the port of the Service has a name")
    for pod in (o for o in found if o["kind"] in ("Pod", "Job")):
        template_labels = pod["metadata"]["labels"] if pod["kind"] == "Pod" else pod["spec"]["template"]["metadata"]["labels"]
        expect(not labels.items() <= template_labels.items(), f"{where}: requests would go to {pod['metadata']['name']}")


def secrets_of(chart, options):
    container = pod_of(one(objects(chart, options), "Deployment"))["containers"][0]
    return [source["secretRef"]["name"] for source in container.get("envFrom", []) if "secretRef" in source]


def details():
    for name in ("secret as in 12.x", "secret as in 1.3"):
        expect(secrets_of("pms-partner", OPTION[name]) == ["foo"], name)
    found = objects("pms-partner", OPTION["user by name"])
    user = pod_of(one(found, "Deployment"))["containers"][0]["securityContext"]["runAsUser"]
    expect(user == 1002, f"runAsUser mosip became {user}")
    origins = one(objects("pms-partner", OPTION["install.sh of the reference"]), "VirtualService")["spec"]["http"][-1]["corsPolicy"]["allowOrigins"]
    expect([o["prefix"] for o in origins] == ["https://pmp.example.org", "https://pmp-new.example.org"], f"origins {origins}")
    second = one(objects("pms-partner", OPTION["pms/install.sh of the reference"]), "VirtualService")["spec"]["http"][-1]["corsPolicy"]["allowOrigins"]
    expect(second == [{"prefix": "https://pmp.example.org"}], f"the second origin alone: {second}")
    exact = one(objects("pms-partner", sets("istio.corsPolicy.allowOrigins[0].exact=https://a")), "VirtualService")
    expect(exact["spec"]["http"][-1]["corsPolicy"]["allowOrigins"] == [{"exact": "https://a"}], "an exact origin")
    expect(not one(objects("pms-partner"), "ServiceMonitor"), "a ServiceMonitor where the API is missing")
    monitored = objects("pms-partner", OPTION["monitoring"])
    expect(one(monitored, "ServiceMonitor") and one(monitored, "PrometheusRule") and one(monitored, "ConfigMap", "pms-partner-dashboard"), "monitoring")
    sums = {pod_template(sets(f"pms.config=[limits]\npage_size = {n}"))["metadata"]["annotations"]["checksum/config"] for n in (1, 2)}
    expect(len(sums) == 2, "a changed configuration does not start new pods")
    for bad in ("pms.nothing=1", "pms.keyManager.kind=mine", "service.type=None", "pms.migration.enabld=true"):
        expect(template("pms-partner", sets(bad)).returncode != 0, f"{bad} is accepted")
    expect(not any(o["kind"] == "Secret" for chart in SERVICES for o in objects(chart, OPTION["embedded key manager"])), "a secret from a template")
    policy = one(objects("pms-certificate", OPTION["embedded key manager"]), "NetworkPolicy")["spec"]["ingress"]
    open_to_all = [p for rule in policy if "from" not in rule for p in rule["ports"]]
    expect(not any(p["port"] <= 9112 <= p.get("endPort", p["port"]) for p in open_to_all), "the key manager's port is open")
    peers = next(rule["from"] for rule in policy if rule["ports"][0]["port"] == 9112)
    expect({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "esignet"}}} in peers, "the namespaces of the key manager")
    keymanager = objects("pms-certificate", OPTION["embedded key manager"] + sets("pms.istio.keyManager=true"))
    first, second = one(keymanager, "VirtualService", "pms-certificate-keymanager")["spec"]["http"][:2]
    expect({"uri": {"exact": "/v1/keymanager/actuator/info"}} in first["match"] and "fault" not in first, "the key manager's info page")
    expect(second["fault"]["abort"]["httpStatus"] == 404, "the key manager's metrics are routed")
    spec = pod_of(one(objects("pms-partner", sets("serviceAccount.automountServiceAccountToken=true", "initContainers=- name: {{ .Chart.Name }}-wait")), "Deployment"))
    expect(spec["automountServiceAccountToken"] is True and spec["initContainers"] == [{"name": "pms-partner-wait"}], "an init container that calls the API server")
    expect(pod_of(one(objects("pms-partner"), "Deployment"))["automountServiceAccountToken"] is False, "a token that nothing needs")
    umbrella_env = pod_of(one(objects("pms"), "Deployment", "pms-partner"))["containers"][0]["env"]
    expect({"name": "PMS__KEY_MANAGER__URL", "value": "http://pms-certificate:9112/v1/keymanager"} in umbrella_env, "the umbrella's key manager")


def pod_template(options):
    return one(objects("pms-partner", options), "Deployment")["spec"]["template"]


def files():
    """What is written twice is the same twice."""
    schema = (TOP / "helm/pms-partner/values.schema.json").read_text()
    for chart in SERVICES[1:]:
        expect((TOP / "helm" / chart / "values.schema.json").read_text() == schema, f"{chart}: another schema")
    text = (TOP / "helm/pms-common/templates/_values.tpl").read_text()
    defaults = yaml.safe_load(text.split('"pms.defaults" -}}')[1].split("{{- end -}}")[0])
    for chart in SERVICES:
        values = yaml.safe_load((TOP / "helm" / chart / "values.yaml").read_text())["pms"]
        values["networkPolicy"]["enabled"] = defaults["networkPolicy"]["enabled"]
        expect(values == defaults, f"{chart}: `pms` in values.yaml is not pms.defaults")
    alerts = yaml.safe_load((TOP / "helm/pms-partner/files/alerts.yaml").read_text())
    dashboard = json.loads((TOP / "helm/pms-partner/files/dashboard.json").read_text())
    runbook = (TOP / "docs/operations.md").read_text()
    source = "\n".join(p.read_text() for p in (TOP / "crates").glob("*/src/**/*.rs"))
    used = [t["expr"] for p in dashboard["panels"] for t in p["targets"]]
    for rule in alerts["groups"][0]["rules"]:
        used.append(rule["expr"])
        expect(f"### {rule['alert']}\n" in runbook, f"{rule['alert']}: no section in docs/operations.md")
        expect(rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}", f"{rule['alert']}: runbook")
    # Every replica counts the whole deployment: a sum would count it once for each.
    for gauge in ("pms_expiring", "ca_certificates_ending"):
        watched = [rule["expr"] for rule in alerts["groups"][0]["rules"] if gauge in rule["expr"]]
        expect(watched, f"{gauge}: no alert")
        for expression in used:
            if gauge in expression:
                expect(re.search(rf"\bmax\b[^(]*(\([^)]*\)\s*)?\({gauge}\b", expression), f"{gauge} is of the whole deployment: max, not {expression}")
    for expression in used:
        bare = re.sub(r"\{[^}]*\}", "", expression)
        for name in re.findall(r"\b([a-z]+(?:_[a-z0-9]+)+)\b(?!\s*\()", bare):
            known = re.sub(r"_(bucket|count|sum)$", "", name)
            expect(name.startswith("process_") or f'"{known}"' in source or f'"{name}"' in source, f"no metric {name}")
    prefixes = template("pms-partner", OPTION["istio with certificate-service"]).stdout
    nginx = (TOP / "deploy/nginx/pms.conf").read_text()
    for path in re.findall(r"location (?:= )?(/v1/partnermanager/\S+) \{ proxy_pass http://certificate", nginx):
        expect(re.search(rf"(exact|prefix): {re.escape(path)}\}}", prefixes), f"{path} of nginx is not in the VirtualService")


def keycloak():
    """keycloak-init gives the client what the realm's file has."""
    values = yaml.safe_load((TOP / "deploy/keycloak/keycloak-init.yaml").read_text())["keycloak"]["realms"]["mosip"]
    realm = json.loads((TOP / "deploy/keycloak/mosip-realm.json").read_text())
    client = values["clients"][0]
    imported = next(c for c in realm["clients"] if c["clientId"] == client["name"])
    user = next(u for u in realm["users"] if u.get("serviceAccountClientId") == client["name"])
    expect(client["saroles"] == user["realmRoles"], "keycloak-init: roles of the service account")
    expect(set(client["assign_client_scopes"]) <= set(imported["defaultClientScopes"]), "keycloak-init: client scopes")
    expect({k: v for one in client["sa_client_roles"] for k, v in one.items()} == user["clientRoles"], "keycloak-init: client roles")
    claims = {m["config"]["claim.name"]: m["config"]["user.attribute"] for m in imported["protocolMappers"] if "user.attribute" in m["config"]}
    ours = {m["token_claim_name"]: m["mapper_user_attribute"] for m in client["mappers"]}
    expect(ours.items() <= claims.items(), f"keycloak-init: mappers {ours} {claims}")
    known = {role["name"] for role in realm["roles"]["realm"]}
    expect(set(values["roles"]) <= known, f"keycloak-init: unknown roles {set(values['roles']) - known}")


keycloak()
every_set()
details()
files()
for failure in sorted(set(FAILURES)):
    print(f"FAILED {failure}", file=sys.stderr)
sys.exit(1 if FAILURES else 0)
