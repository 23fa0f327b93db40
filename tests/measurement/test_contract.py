"""Contracts of the datasets say what a row is."""

from __future__ import annotations

import jsonschema
import pytest

from piramide.kernel.findings import Refusal
from piramide.measurement.contract import ColumnType, contract, contracts, json_schemas


def test_it_knows_every_dataset_of_the_design() -> None:
    asked = "work products staff costs balances spending ieep quality_samples appeals audit_actions payments"
    asked += " survey_answers projects headcounts properties litigation budgets"
    asked += " staff_plan working_hours competences sharing_plan"

    assert set(contracts()) == set(asked.split())


@pytest.mark.parametrize("dataset", contracts())
def test_it_is_consistent(dataset: str) -> None:
    of = contract(dataset)

    assert set(of.key) <= set(of.names)
    assert of.column(of.day).type in {ColumnType.DATE, ColumnType.MONTH}
    assert all(of.column(name).references == "structure" for name in of.structure)
    assert all(column.default in column.allowed for column in of.columns if column.allowed and column.default)
    assert all(column.required or column.default or not column.least for column in of.columns)


def test_it_suggests_the_nearest_dataset() -> None:
    with pytest.raises(Refusal, match=r"works.*work"):
        contract("works")


@pytest.mark.parametrize("name", json_schemas())
def test_it_publishes_schemas_that_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schemas()[name])


def test_its_schema_takes_a_row_and_refuses_a_wrong_one() -> None:
    schema = json_schemas()["datasets/staff.schema.json"]
    staff = {"structure": "asti", "month": "2024-09", "profile": "manager", "activity": "support", "fte": 1.5}

    jsonschema.validate(staff, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(staff | {"month": "2024-13"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(staff | {"profile": "king"}, schema)


def test_its_hash_changes_with_what_decides_how_a_file_is_read() -> None:
    assert len({of.hash for of in contracts().values()}) == len(contracts())
