"""Prints the documents of the files as JSON; on standard error what the schemas of the versions say against them."""

import json
import sys

import kubernetes_validate
import yaml

# Known to a cluster only when their operators are installed.
CUSTOM = {"monitoring.coreos.com", "keda.sh", "kustomize.config.k8s.io"}

versions, *files = sys.argv[1:]
documents = []
failed = False
for file in files:
    with open(file) as stream:
        found = [one for one in yaml.safe_load_all(stream) if one]
    documents += found
    for document in found:
        if document.get("apiVersion", "").split("/")[0] in CUSTOM:
            continue
        for version in versions.split(","):
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                failed = True
                path = ".".join(str(step) for step in error.path)
                print(f"{file} {version} {document['kind']} {path}: {error.message}", file=sys.stderr)
print(json.dumps(documents))
sys.exit(failed)
