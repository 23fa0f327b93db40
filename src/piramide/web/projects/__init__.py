"""The register of projects: deliverables, attestations, validations, and how far each project is."""
