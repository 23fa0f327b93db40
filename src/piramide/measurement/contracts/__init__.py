"""The contracts of the datasets, as data: one YAML file each, and in `shared/` the columns that several end with."""
