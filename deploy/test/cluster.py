#!/usr/bin/env python3
"""Installs the charts into a real API server. Usage: cluster.py DIR (of deploy/charts.sh)

KUBECONFIG names the server (deploy/test/kube). There is no kubelet: this script
says of the Jobs of hooks that they succeeded, and pods never run.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import reference

CHARTS = pathlib.Path(sys.argv[1])
HELM = os.environ.get("HELM", "helm")
SERVICES = ["pms-partner", "pms-policy", "pms-certificate"]
FAILURES = []

CRDS = {
    "virtualservices.networking.istio.io": ("networking.istio.io", ["v1alpha3", "v1beta1"], "VirtualService"),
    "servicemonitors.monitoring.coreos.com": ("monitoring.coreos.com", ["v1"], "ServiceMonitor"),
    "prometheusrules.monitoring.coreos.com": ("monitoring.coreos.com", ["v1"], "PrometheusRule"),
    "httproutes.gateway.networking.k8s.io": ("gateway.networking.k8s.io", ["v1"], "HTTPRoute"),
}


def expect(condition, text):
    if not condition:
        FAILURES.append(text)
        print(f"FAILED {text}", file=sys.stderr)


def run(*command, stdin=None, check=True):
    done = subprocess.run(command, capture_output=True, text=True, input=stdin, check=False)
    if check and done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()[-800:]}")
    return done


def kubectl(*words, **options):
    return run("kubectl", *words, **options)


def helm(*words, **options):
    return run(HELM, *words, **options)


def listed(namespace, kinds="deploy,svc,sa,cm,secret,job,role,rolebinding,hpa,pdb,netpol,ingress,virtualservice,servicemonitor,prometheusrule,httproute,pod"):
    found = json.loads(kubectl("-n", namespace, "get", kinds, "-o", "json").stdout)["items"]
    mine = [o for o in found if o.get("type") != "helm.sh/release.v1"]
    return {(o["kind"], o["metadata"]["name"]): o for o in mine}


class Jobs(threading.Thread):
    """Stands in for kubelet and controller: every Job ends well, at once."""

    def __init__(self):
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.seen = []

    def run(self):
        while not self.over.wait(0.2):
            answer = kubectl("get", "job", "-A", "-o", "json", check=False)
            if answer.returncode:
                continue
            for job in json.loads(answer.stdout)["items"]:
                if job.get("status", {}).get("succeeded"):
                    continue
                now = job["metadata"]["creationTimestamp"]
                condition = {"status": "True", "lastTransitionTime": now, "lastProbeTime": now}
                status = {"status": {"succeeded": 1, "startTime": now, "completionTime": now, "conditions": [
                    {"type": "SuccessCriteriaMet", **condition}, {"type": "Complete", **condition}]}}
                name, namespace = job["metadata"]["name"], job["metadata"]["namespace"]
                done = kubectl("-n", namespace, "patch", "job", name, "--subresource=status", "--type=merge", "-p", json.dumps(status), check=False)
                if done.returncode == 0:
                    self.seen.append(name)


def definitions():
    for name, (group, versions, kind) in CRDS.items():
        plural = name.split(".")[0]
        schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
        crd = {
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": name, "annotations": {"api-approved.kubernetes.io": "unapproved, a test"}},
            "spec": {"group": group, "scope": "Namespaced", "names": {"plural": plural, "singular": kind.lower(), "kind": kind},
                     "versions": [{"name": v, "served": True, "storage": v == versions[-1], "schema": schema} for v in versions]},
        }
        kubectl("apply", "-f", "-", stdin=json.dumps(crd))
    for name in CRDS:
        kubectl("wait", "--for=condition=Established", f"crd/{name}", "--timeout=30s")


def namespace(name):
    kubectl("create", "namespace", name)
    return name


def without_monitoring(where):
    """Before the definitions exist: the reference's chart fails there."""
    ns = namespace("bare")
    helm("install", "pms-partner", str(CHARTS / "pms-partner"), "-n", ns, "--set", "istio.enabled=false")
    expect(("Deployment", "pms-partner") in listed(ns, "deploy"), where)
    helm("uninstall", "pms-partner", "-n", ns)


def every_chart():
    sets = {
        "defaults": [],
        "installer": ["--set", "istio.corsPolicy.allowOrigins[0].prefix=https://pmp.example.org", "--set", "istio.corsPolicy.allowOrigins[1].prefix=https://pmp-new.example.org"],
        "all on": ["--set", "pms.autoscaling.enabled=true,pms.networkPolicy.enabled=true,pms.ingress.enabled=true,pms.httpRoute.enabled=true,metrics.prometheusRule.enabled=true,pms.dashboard.enabled=true,pms.keyManager.kind=embedded,pms.kek.create=true,pms.istio.keyManager=true,pms.certificate.host=pms-certificate",
                   "--set", "pms.config=[outbox]", "--set", "pms.migration.owner.existingSecret=owner"],
        "old": ["--set", "extraEnvVarsSecret=foo,containerSecurityContext.runAsUser=mosip,image.repository=mosipid/x,image.tag=1.2.2.3"],
    }
    for chart in SERVICES:
        for number, (name, options) in enumerate(sets.items()):
            ns = namespace(f"{chart}-{number}")
            helm("install", chart, str(CHARTS / chart), "-n", ns, *options)
            found = listed(ns)
            expect(("Deployment", chart) in found and ("Service", chart) in found, f"{chart}, {name}: {sorted(found)}")
            expect(("Job", f"{chart}-migrate") in found, f"{chart}, {name}: the migration did not run")
            helm("upgrade", chart, str(CHARTS / chart), "-n", ns, *options, "--set", "replicaCount=2")
            helm("rollback", chart, "1", "-n", ns)
            helm("uninstall", chart, "-n", ns)
            left = set(listed(ns)) - {("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default"), ("Job", f"{chart}-migrate")}
            expect(not left, f"{chart}, {name}: left behind {left}")


def upgrades():
    """From releases of the reference, with and without its values, and back."""
    for number, (name, version) in enumerate([(n, v) for n in ("pms-partner", "pms-policy") for v in ("12.0.2", "12.2.3", "1.3.0-beta.3")]):
        with tempfile.TemporaryDirectory() as folder:
            old = pathlib.Path(folder) / name
            reference.chart(old, name, version)
            ns = namespace(f"upgrade-{number}")
            helm("install", name, str(old), "-n", ns)
            before = listed(ns)
            for options in (["--reset-values"], ["--reuse-values", "--set", "image.repository=pms/x,image.tag=0.1.0"]):
                helm("upgrade", name, str(CHARTS / name), "-n", ns, *options)
                after = listed(ns)
                for key in (("Deployment", name), ("Service", name)):
                    expect(before[key]["metadata"]["uid"] == after[key]["metadata"]["uid"], f"{name} {version} {options}: {key} was made anew")
                expect(before["Deployment", name]["spec"]["selector"] == after["Deployment", name]["spec"]["selector"], f"{name} {version}: selector")
                security = after["Deployment", name]["spec"]["template"]["spec"]["containers"][0].get("securityContext", {})
                expect(security.get("runAsUser", 1002) == 1002, f"{name} {version}: user {security}")
                binding = kubectl("get", "clusterrolebinding", name, check=False)
                expect(binding.returncode != 0, f"{name} {version}: the ClusterRoleBinding is still there")
                helm("rollback", name, "1", "-n", ns)
                back = listed(ns)["Deployment", name]["spec"]["template"]["spec"]["containers"][0]["image"]
                expect(back.endswith(version), f"{name} {version}: the way back leads to {back}")
            helm("uninstall", name, "-n", ns)
            kubectl("delete", "clusterrolebinding", name, check=False)


def umbrella(jobs):
    ns = namespace("pms")
    jobs.seen.clear()
    helm("install", "pms", str(CHARTS / "pms"), "-n", ns)
    found = listed(ns)
    for name in SERVICES:
        expect(("Deployment", name) in found and ("Service", name) in found, f"umbrella: {name} is missing")
    ran = [name for name in jobs.seen if "migrate" in name]
    expect(ran == ["pms-migrate"], f"umbrella: migrations {ran}")
    expect("pms-certificate-make-kek" in jobs.seen, "umbrella: no key was made")
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pms-certificate-kek", "namespace": ns}, "stringData": {"kek": "x"}}
    kubectl("create", "-f", "-", stdin=json.dumps(secret))
    helm("upgrade", "pms", str(CHARTS / "pms"), "-n", ns)
    helm("uninstall", "pms", "-n", ns)
    expect(("Secret", "pms-certificate-kek") in listed(ns), "the key encryption key was deleted")


def key_in_a_secret():
    """The Job's command with the Job's rights: makes the secret once, can do nothing else."""
    pms = os.environ.get("PMS", "")
    if not pms:
        print("!! PMS NAMES NO pms BINARY: THE SECRET OF THE KEY ENCRYPTION KEY IS NOT TESTED")
        return
    ns, account = namespace("kek"), "pms-certificate-make-kek"
    rendered = helm("template", "pms-certificate", str(CHARTS / "pms-certificate"), "-n", ns, "--kube-version", "1.31.0",
                    "--show-only", "templates/kek.yaml", "--set", "pms.keyManager.kind=embedded,pms.kek.create=true").stdout
    objects = [o for o in rendered.split("\n---\n") if "kind: Job" not in o]
    kubectl("apply", "-f", "-", stdin="\n---\n".join(objects))
    token = kubectl("-n", ns, "create", "token", account).stdout.strip()
    server = kubectl("config", "view", "-o", "jsonpath={.clusters[0].cluster.server}").stdout
    certificate = pathlib.Path(os.environ["KUBECONFIG"]).parent / "certs/apiserver.crt"
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("token", token), ("namespace", ns), ("ca.crt", certificate.read_text())):
            (pathlib.Path(folder) / name).write_text(text)
        environment = {**os.environ, "KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": server.rsplit(":", 1)[1]}
        command = [pms, "keys", "make-kek", "--kubernetes-secret", "pms-certificate-kek", "--service-account", folder]
        keys = []
        for said in ("is made", "is there already"):
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            expect(done.returncode == 0 and said in done.stdout, f"make-kek: {done.stdout}{done.stderr}")
            keys.append(kubectl("-n", ns, "get", "secret", "pms-certificate-kek", "-o", "jsonpath={.data.kek}").stdout)
    expect(keys[0] == keys[1] and len(base64.b64decode(base64.b64decode(keys[0]))) == 32, "make-kek: the key")
    for verb in ("get", "list", "update", "patch", "delete"):
        may = kubectl("-n", ns, "auth", "can-i", verb, "secrets", f"--as=system:serviceaccount:{ns}:{account}", check=False).stdout.strip()
        expect(may == "no", f"make-kek's account may {verb} secrets")


def main():
    jobs = Jobs()
    jobs.start()
    without_monitoring("without ServiceMonitor")
    definitions()
    every_chart()
    upgrades()
    umbrella(jobs)
    key_in_a_secret()
    jobs.over.set()
    print("installed, upgraded, rolled back and removed: every chart with every set, and the umbrella" if not FAILURES else f"{len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
