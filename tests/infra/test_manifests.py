"""The sample's manifests: the document's versions, one namespace, usable probes, secrets only where they belong."""

from __future__ import annotations

import json

import pytest

from tests.infra.manifests import FOLDER, containers, objects

IMAGES = {
    "citusdata/citus:13.0",
    "redis:8.2.2",
    "redpandadata/redpanda:v25.2.11",
    "grafana/grafana:10.4.3",
    "grafana/loki:2.9.4",
}


def test_the_images_are_the_documents() -> None:
    assert {container["image"] for container in containers().values()} == IMAGES


def test_everything_lives_in_one_namespace() -> None:
    for each in objects():
        name = each["metadata"]["name"] if each["kind"] == "Namespace" else each["metadata"]["namespace"]
        assert name == "dev-infra"


@pytest.mark.parametrize("name", sorted(containers()))
def test_a_container_says_when_it_is_usable_and_what_it_needs(name: str) -> None:
    container = containers()[name]
    assert container["readinessProbe"].keys() & {"exec", "httpGet"}
    assert container["startupProbe"]["failureThreshold"] * container["startupProbe"]["periodSeconds"] >= 120
    assert container["resources"]["requests"].keys() == {"cpu", "memory"}
    assert "memory" in container["resources"]["limits"]
    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert len(mounted) == len(container["volumeMounts"])


def test_ports_of_services_and_probes_are_ports_of_their_pods() -> None:
    for container in containers().values():
        named = {port["name"] for port in container["ports"]}
        probes = (container["readinessProbe"].get("httpGet"), container["livenessProbe"]["tcpSocket"])
        assert {each["port"] for each in probes if each} <= named
    workloads = {each["metadata"]["name"]: each for each in objects() if each["kind"] in ("Deployment", "StatefulSet")}
    for service in (each for each in objects() if each["kind"] == "Service"):
        pods = workloads[service["spec"]["selector"]["app.kubernetes.io/name"]]["spec"]["template"]["spec"]
        named = {port["name"] for container in pods["containers"] for port in container["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= named


def test_every_volume_secret_and_config_map_that_is_used_exists() -> None:
    there = {(each["kind"], each["metadata"]["name"]) for each in objects()}
    for workload in (each for each in objects() if each["kind"] in ("Deployment", "StatefulSet")):
        spec = workload["spec"]["template"]["spec"]
        claims = {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", ())}
        volumes = {volume["name"] for volume in spec.get("volumes", ())} | claims
        for container in spec["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
            for variable in container.get("env", ()):
                if "valueFrom" in variable:
                    assert ("Secret", variable["valueFrom"]["secretKeyRef"]["name"]) in there
        for volume in spec.get("volumes", ()):
            for kind, key in (
                ("ConfigMap", "configMap"),
                ("Secret", "secret"),
                ("PersistentVolumeClaim", "persistentVolumeClaim"),
            ):
                if key in volume:
                    source = volume[key]
                    assert (kind, source.get("name") or source.get("secretName") or source["claimName"]) in there


def test_a_password_is_for_development_distinct_and_only_in_its_secret() -> None:
    secrets = [each for each in objects() if each["kind"] == "Secret"]
    passwords = [value for each in secrets for key, value in each["stringData"].items() if "password" in key]
    assert len(passwords) == len(set(passwords)) == 3
    rest = json.dumps([each for each in objects() if each["kind"] != "Secret"], default=str)
    for password in passwords:
        assert password.startswith("dev-only-")
        assert password not in rest
        assert sum(password in path.read_text("utf-8") for path in FOLDER.rglob("*")) == 1


def test_grafana_finds_loki_where_loki_is() -> None:
    by_name = {(each["kind"], each["metadata"]["name"]): each for each in objects()}
    source = by_name["ConfigMap", "grafana-datasources"]["data"]["loki.yaml"]
    (port,) = by_name["Service", "loki"]["spec"]["ports"]
    assert f"http://loki:{port['port']}\n" in source
