"""Two years of invented facts, as an administration delivers them: CSV files written from a seed, small and uneven.

About two thousand rows of work at four offices, with transfers, reopened cases, rows taken back and work done for
others; and every other dataset, with corrections, rows of the accounting closing and months that somebody left out.
"""

from __future__ import annotations

import csv
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

OFFICES = ("prov_torino", "prov_asti", "fm_roma", "piemonte")
CASES = 900
LINES = (
    ("prestazioni_servizi_individuali", "assicurato_pensionato_privata"),
    ("prestazioni_servizi_individuali", "assicurato_pensionato_pubblica"),
    ("prestazioni_servizi_individuali", "fondi_speciali"),
    ("prestazioni_servizi_individuali", "fine_servizio_previdenza_complementare"),
    ("prestazioni_servizi_individuali", "ammortizzatori_sociali"),
    ("prestazioni_servizi_individuali", "requisiti_socio_sanitari"),
    ("prestazioni_servizi_individuali", "credito_welfare"),
    ("prestazioni_servizi_individuali", "reddito_cittadinanza_anomalie_riesami"),
    ("prestazioni_servizi_individuali", "sostegno_famiglie"),
    ("prestazioni_servizi_individuali", "codici_fiscali_tfs_tfr"),
    ("gestione_conto_assicurativo_individuale", "gestione_conto_assicurativo"),
    ("gestione_conto_assicurativo_individuale", "posizione_individuale_dipendenti_pubblici"),
    ("gestione_conto_assicurativo_individuale", "scarti_riscatti_ricongiunzioni"),
    ("gestione_conto_assicurativo_individuale", "rvpa"),
    ("gestione_conto_assicurativo_individuale", "estratto_conto_dipendenti_pubblici"),
    ("flussi_contributivi", "anagrafica_flussi"),
    ("altre_aree_produzione", "accertamento_invalidita_civile"),
    ("vigilanza_ispettiva", "vigilanza_ispettiva"),
    ("direzione_attivita_staff", "supporto_area_legale"),
    ("direzione_attivita_staff", "attivita_medico_legali"),
)
COST_ITEMS = (
    *(
        "rent",
        "maintenance",
        "lighting",
        "heating",
        "upkeep",
        "cleaning",
        "guarding",
        "water",
        "consumables",
        "haulage",
    ),
    *("postage", "legal", "other_operating", "overtime", "shifts", "missions", "inspection_missions", "meal_vouchers"),
    "salaries",
)
QUANTITIES = ("floor_space_m2", "consumables_three_years")
IEEP_LINES = {
    "revenue": "E1 E2.1 E2.2 E2.3 E3.1 E3.2 E4",
    "benefits": "P1.1 P1.2 P1.3 P2.1 P2.2 P2.3 P2.4 P3.1 P3.2 P3.3 P4 P5",
    "assessments": "AE1 AE2.1 AE2.2 AE2.3 AE3.1 AE3.2 AE4 AP1.1 AP1.2 AP1.3 AP1.4",
    "cash": "IE1 IE2 IE3 IE4 IP1.1 IP1.2 IP1.3 IP2.1 IP2.2 IP3.1 IP3.2 IP3.3 IP4 IP5 IP6",
}
ACCOUNTS = (
    *("1005", "GPA0037", "GPA52002", "GPA52021", "GPA52121", "GPA24024", "GPA24023", "GPA24122", "GPA52092"),
    *("GPA52093", "GPA54021", "PTO24030", "PAR52020", "PTY24133", "OTHER"),
)
PIECES = {
    "received": (0, 40),
    "resolved": (0, 40),
    "self_redress": (0, 12),
    "pending": (0, 60),
    "to_check": (38, 60),
    "checked": (30, 38),
    "notified": (0, 2),
    "regularised": (6, 12),
    "regularised_positive": (1, 6),
    "regularised_in_30_days": (4, 6),
}
AGES = ("days_0_30", "days_31_90", "days_91_180", "days_181_365", "days_over_365")

SPENDING = (*OFFICES, "dcm_roma", "dc_risorse_umane")
CHAPTERS = ("5U1104012", "4U1102005", "5U1104013", "5U1104014", "5U1104015", "5U1210001", "9Z0000001")

Row = Mapping[str, object]


def few_reopened(row: Row) -> Row:
    """A budget where fewer cases are expected to be reopened than to be resolved."""
    few = str(row["measure"]).endswith("_reopened")
    return {**row, "value": f"{float(str(row['value'])) / 100:.4f}"} if few else row


class Facts:
    """Writes the facts of a year and of the year before into a folder; the same for a seed.

    `items` are what is counted about people and things, `expected` the measures that have a budget, `projects` those
    that measures name.
    """

    def __init__(
        self, folder: Path, year: int, items: Sequence[str], expected: Sequence[str], projects: Sequence[str]
    ) -> None:
        self.folder = folder
        self.year = year
        self.items = items
        self.expected = expected
        self.projects = projects
        self.chance = random.Random(year)  # noqa: S311  # invented facts
        self.months = [f"{y}-{m:02d}" for y in (year - 1, year) for m in range(1, 13)]

    def write(self) -> tuple[str, ...]:
        """Write every dataset and say which, the catalogue first."""
        tables = {"products": self.products(), "work": self.work(), **self.statements(), **self.events()}
        for name, rows in tables.items():
            self._write(name, rows)
        return tuple(tables)

    def _write(self, name: str, rows: Iterable[Row]) -> None:
        listed = list(rows)
        with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(listed)

    def money(self, most: int = 1_000_000) -> str:
        """An amount with cents."""
        cents = self.chance.randrange(most * 100)
        return f"{cents // 100}.{cents % 100:02d}"

    def products(self) -> Iterator[Row]:
        """A product of each line and some more; in the second year every third changes its hours and its STAR flag.

        Every ninth moves to the line of the next as well.
        """
        lines = [*LINES, *LINES[:8]]
        for number, (area, line) in enumerate(lines):
            hours = self.chance.randrange(100, 9000)
            row = {
                "product": f"p{number}",
                "label": f"Prodotto {number}",
                "area": area,
                "line": line,
                "standard_hours": f"{hours / 1000:.3f}",
                "standard_days": "" if number == 5 else self.chance.choice((15, 30, 60)),
                "star": "true" if number % 2 else "false",
                "valid_from": f"{self.year - 5}-01-01",
            }
            yield row
            if number % 3 == 0:
                then = lines[(number + (number % 9 == 0)) % len(lines)]
                yield row | {
                    "area": then[0],
                    "line": then[1],
                    "standard_hours": f"{hours / 900:.3f}",
                    "star": "true",
                    "valid_from": f"{self.year}-04-01",
                }

    def work(self) -> Iterator[Row]:
        """Histories of cases."""
        first, last = date(self.year - 1, 1, 1), date(self.year, 12, 31)
        for number in range(CASES):
            received = first + timedelta(days=self.chance.randrange((last - first).days))
            yield from self._case(f"c{number}", received, last)

    def _case(self, case: str, received: date, last: date) -> Iterator[Row]:
        """One case: received, perhaps transferred, resolved, reopened, resolved again; perhaps a row taken back."""
        chance = self.chance
        office = chance.choice(OFFICES[:3])
        row = {
            "case": case,
            "entry": "received",
            "day": received,
            "product": f"p{chance.randrange(len(LINES) + 8)}",
            "office_of_competence": office,
            "office_of_work": office,
            "received_on": received,
            "outcome": "",
            "channel": chance.choice(("online", "office", "counter")),
            "automated": chance.choice(("true", "false", "false")),
            "staff_hours": "0",
            "interest_paid": "0",
            "amount": "0",
            "reversed_entry": "",
            "status": chance.choice(("measured", "measured", "estimated")),
        }
        yield row
        if chance.random() < 0.04:
            yield row | {"entry": "reversed", "reversed_entry": "received", "day": min(received + timedelta(9), last)}
            return
        day = received
        if chance.random() < 0.2:
            row["office_of_work"] = chance.choice(OFFICES[:3])
            day = min(received + timedelta(chance.randrange(20)), last)
            yield row | {"entry": "transferred", "day": day}
        for step in ("resolved", "reopened", "resolved"):
            day += timedelta(1 + chance.randrange(1 + chance.choice((8, 40, 90, 250))))
            if day > last or (step == "reopened" and chance.random() < 0.5):
                return
            done = row | {"entry": step, "day": day}
            if step == "resolved":
                done |= {"outcome": chance.choice(("accepted", "accepted", "rejected")), "staff_hours": self.money(9)}
            yield done
            if step == "resolved" and chance.random() < 0.05:
                yield done | {"entry": "reversed", "reversed_entry": step, "day": min(day + timedelta(5), last)}
                return

    def _monthly(
        self, keys: Iterable[Row], values: Sequence[str], *, most: int = 9000, closing: bool = False
    ) -> Iterator[Row]:
        """A row for each office, month and key, but some; of December, perhaps one of the accounting closing too."""
        listed = list(keys)
        for month, office, key in itertools.product(self.months, OFFICES, listed):
            if self.chance.random() < 0.04:
                continue
            row = {"structure": office, "month": month, **key}
            yield from self._stated(row | {"closing": "false"} if closing else row, values, most)
            if closing and month.endswith("-12") and self.chance.random() < 0.5:
                yield from self._stated(row | {"closing": "true"}, values, most)

    def _stated(self, key: Row, values: Sequence[str], most: int) -> Iterator[Row]:
        """What was stated; one row in fifty is taken back and stated again."""
        row = {**key, **self._amounts(values, most), "entry": "stated", "correction": 0}
        yield row
        if self.chance.random() < 0.02:
            yield row | {"entry": "reversed"}
            yield row | self._amounts(values, most) | {"correction": 1}

    def spending(self) -> Iterator[Row]:
        """Forecast and use of chapters, mostly near each other; some that nobody forecast, some that nobody used."""
        quarters = [month for month in self.months if month[-2:] in {"03", "06", "09", "12"}]
        for month, office, chapter in itertools.product(quarters, SPENDING, CHAPTERS):
            forecast = self.chance.choice((0, *(self.chance.randrange(1, 90_000) * 100 for _ in range(9))))
            part = self.chance.choice((0, -2, 90, 95, 96, 99, 100, 101, 104, 105, 106, 110))
            row = {"structure": office, "month": month, "chapter": chapter, "closing": "false"}
            for used in (forecast * part // 100, forecast * 103 // 100):
                cells = {"forecast": _euros(forecast), "used": _euros(used if forecast else part), "entry": "stated"}
                yield row | cells | {"correction": 0}
                if self.chance.random() < 0.05:
                    yield row | cells | {"entry": "reversed", "correction": 0}
                    yield row | cells | {"used": _euros(used + 100), "correction": 1}
                row = row | {"closing": "true"}
                if not (month.endswith("-12") and self.chance.random() < 0.5):
                    break

    def _amounts(self, values: Sequence[str], most: int) -> dict[str, object]:
        return {name: self._amount(name, most) for name in values}

    def _amount(self, name: str, most: int) -> object:
        return self.chance.randint(*PIECES[name]) if name in PIECES else self.money(most)

    def statements(self) -> dict[str, list[Row]]:
        """Datasets by month."""
        kinds = ("direct_production", "direct", "indirect")
        costs = [{"item": item, "kind": kinds[n % 3]} for n, item in enumerate(COST_ITEMS)]
        costs += [{"item": item, "kind": "quantity"} for item in QUANTITIES]
        ieep = [{"section": s, "line": line} for s, lines in IEEP_LINES.items() for line in lines.split()]
        profiles = ("administrative", "inspector", "legal", "doctor")
        activities = ("production", "inspection", "counter", "consulting", "support", "directorate", "other")
        staff = [{"profile": p, "activity": a} for p in profiles for a in activities]
        matters = ("local_committees", "central_committees", "pensioni")
        tables = {
            "costs": self._monthly(costs, ("amount",), closing=True),
            "ieep": self._monthly(ieep, ("amount",), most=200_000, closing=True),
            "balances": self._monthly(({"account": a} for a in ACCOUNTS), ("balance",), closing=True),
            "budgets": map(few_reopened, self._monthly(({"measure": m} for m in self.expected), ("value",), most=90)),
            "headcounts": self._monthly(({"item": i} for i in self.items), ("value",), most=400),
            "staff": self._monthly(staff, ("fte",), most=80),
            "appeals": self._monthly(
                ({"matter": m, "age_band": a} for m in matters for a in AGES),
                ("received", "resolved", "self_redress", "pending", "weight"),
                most=40,
            ),
            "litigation": self._monthly(
                ({"registry": r} for r in ("civil", "tar", "corte_conti", "remote_defence", "direct_access")),
                ("received", "resolved", "pending", "costs"),
            ),
            "quality_samples": self._monthly(
                ({"control": c} for c in ("process", "self_declaration")),
                ("to_check", "checked", "notified", "regularised", "regularised_positive", "regularised_in_30_days"),
                most=60,
            ),
            "spending": self.spending(),
        }
        return {name: [{k.rstrip(""): v for k, v in row.items()} for row in rows] for name, rows in tables.items()}

    def events(self) -> dict[str, list[Row]]:
        """Datasets by day."""
        return {
            "payments": [self._payment(n) for n in range(300)],
            "survey_answers": [self._answer(n) for n in range(400)],
            "projects": [self._step(n) for n in range(900)],
            "audit_actions": [self._action(n) for n in range(200)],
            "properties": [self._unit(n) for n in range(150)],
        }

    def _day(self) -> date:
        return date(self.year - 1, 1, 1) + timedelta(self.chance.randrange(730))

    def _office(self) -> str:
        return self.chance.choice(OFFICES)

    def _payment(self, number: int) -> Row:
        paid = self._day()
        due = paid - timedelta(self.chance.randrange(-20, 40))
        return {
            "invoice": f"i{number}",
            "structure": self._office(),
            "received_on": min(due, paid) - timedelta(30),
            "due_on": due,
            "paid_on": paid,
            "amount": self.money(5000),
            "days_suspended": self.chance.choice((0, 0, 7)),
            "entry": "stated",
        }

    def _answer(self, number: int) -> Row:
        return {
            "survey": self.chance.choice(("customer_survey", "reputation_survey")),
            "questionnaire": f"q{number}",
            "question": "overall",
            "structure": self._office(),
            "day": self._day(),
            "stratum": "s",
            "weight": f"{self.chance.randrange(1, 90_000_000) / 1e6:.6f}",
            "score": self.chance.randrange(1, 6),
            "entry": "stated",
        }

    def _step(self, number: int) -> Row:
        return {
            "project": self.chance.choice(("razionalizzazione_logistica", "progetto_uno", *self.projects)),
            "deliverable": f"d{number}",
            "structure": self._office(),
            "day": self._day(),
            "step": self.chance.choice(("planned", "validated", "validated")),
            "progress": self.chance.choice((50, 100)),
            "entry": "stated",
        }

    def _action(self, number: int) -> Row:
        return {
            "action": f"a{number}",
            "structure": self._office(),
            "day": self._day(),
            "step": self.chance.choice(("planned", "closed")),
            "kind": self.chance.choice(("audit", "follow_up", "self_assessment", "improvement")),
            "reach": self.chance.choice(("central", "regional")),
            "entry": "stated",
        }

    def _unit(self, number: int) -> Row:
        return {
            "property_unit": f"u{number}",
            "structure": self._office(),
            "day": self._day(),
            "step": "sold",
            "counts": self.chance.choice(("true", "true", "false")),
            "cadastral_value": self.money(300_000),
            "entry": "stated",
        }


def _euros(cents: int) -> str:
    """An amount as files write it."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
