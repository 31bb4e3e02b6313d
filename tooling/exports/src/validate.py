"""Prints the documents of the files as JSON; on standard error what the schemas of the versions say against them."""

import json
import sys

import jsonschema
import kubernetes_validate
import yaml

# Known to kustomize alone.
PLAIN = {"kustomize.config.k8s.io"}


def strict(schema):
    """What a cluster would take away in silence is an error here."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(one) for name, one in schema.items()}
    closed = isinstance(made.get("properties"), dict) and "additionalProperties" not in made
    if closed and not made.get("x-kubernetes-preserve-unknown-fields"):
        made["additionalProperties"] = False
    return made


def custom_schemas(files):
    """Schemas of the kinds that definitions of operators bring, by apiVersion and kind."""
    found = {}
    for file in files:
        with open(file) as stream:
            spec = yaml.safe_load(stream)["spec"]
        for version in spec["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
    return found


def problems_of(document, versions, custom):
    """Paths and what is wrong there, with the version whose schema says so."""
    kind = document.get("apiVersion", ""), document.get("kind", "")
    if kind[0].split("/")[0] in PLAIN:
        return
    if kind in custom:
        validator = jsonschema.Draft202012Validator(custom[kind])
        for error in validator.iter_errors(document):
            yield kind[0], error
        return
    for version in versions:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield version, error


def main():
    versions, crds, *files = sys.argv[1:]
    custom = custom_schemas(crds.split(","))
    documents = []
    failed = False
    for file in files:
        with open(file) as stream:
            found = [one for one in yaml.safe_load_all(stream) if one]
        documents += found
        for document in found:
            for version, error in problems_of(document, versions.split(","), custom):
                failed = True
                path = ".".join(str(step) for step in error.path)
                print(f"{file} {version} {document['kind']} {path}: {error.message}", file=sys.stderr)
    print(json.dumps(documents))
    sys.exit(failed)


main()
