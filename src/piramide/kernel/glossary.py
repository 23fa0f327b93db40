"""One concept, one word: the names that code uses, what Italian acts call the same thing, and words never to use.

A term is added here before its name appears in code. `docs/glossary.md` is made from this module, and a test of the
architecture refuses an identifier that holds a word of `NEVER`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """An identifier, the Italian label a person reads in its place, and what both mean."""

    name: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Never:
    """A word that no identifier holds: the false friend of an Italian term, or a second word for a concept."""

    word: str
    use: str
    reason: str


NEVER: Final = (
    Never("defined", "resolved", "false friend of definito"),
    Never("subsidiarity", "work_sharing", "false friend of sussidiarietà"),
    Never("variance", "gap", "a statistic in English, while scostamento is a distance from a target"),
    Never("practice", "case", "false friend of pratica"),
    Never("stock", "pending", "second word for giacenza"),
    Never("goal", "objective", "second word for obiettivo"),
    Never("kpi", "indicator", "second word for indicatore"),
    Never("def", "resolved", "abbreviated Italian: definito"),
    Never("perv", "received", "abbreviated Italian: pervenuto"),
    Never("giac", "pending", "abbreviated Italian: giacenza"),
    Never("shelf", "run_registry", "a metaphor: a stranger looks in vain"),
    Never("swarm", "beeswarm", "the chart has a name"),
    Never("slip", "misprint", "second word for refuso"),
    Never("trial", "preview", "second word for anteprima"),
    Never("workshop", "draft", "a metaphor for drafts"),
    Never("retelling", "note", "a metaphor for wording again"),
)


# The cycle and its acts. Proper names of acts stay as they are, in lower case.
_CYCLE = (
    Term("performance_cycle", "Ciclo della performance", "The year from objectives to report, with its corrections."),
    Term("smvp", "SMVP", "Proper name: the act with the rules of measurement and evaluation, renewed every year."),
    Term("piao", "PIAO", "Proper name: the three-year plan that took in the plan of the performance and others."),
    Term("act", "Atto", "A document that decides a number; cited by id and place wherever the number stands."),
    Term("guideline", "Linea guida gestionale", "Yearly act of the board that turns strategy into lines of work."),
    Term("mission", "Missione", "Widest heading of the strategy council's programme."),
    Term("programme", "Programma", "Part of a mission."),
    Term("strategic_guideline", "Indirizzo del CIV", "Instruction of the strategy council, part of a programme."),
    Term("internal_message", "Messaggio o circolare", "Official internal act, often the proof of a milestone."),
    Term("measurement", "Misurazione", "Finding the value of an indicator from facts; decides nothing."),
    Term("evaluation", "Valutazione", "A judgement on a measured value, by whoever is entitled to it."),
    Term("validation", "Validazione", "Act of the evaluation body without which nothing may be paid on results."),
    Term("adjustment", "Neutralizzazione", "Correction of facts accepted afterwards, with its reason and its author."),
    Term("transparency_publication", "Amministrazione trasparente", "The pages that the law obliges to publish."),
)

_BODIES = (
    Term("strategy_council", "CIV", "Body that sets the strategy and watches over it."),
    Term("board", "CdA", "Body that adopts plans and guidelines."),
    Term("director_general", "Direttore generale", "Assigns objectives and answers for their results."),
    Term("planning_directorate", "DCPCG", "Central directorate for planning and management control."),
    Term("evaluation_body", "OIV", "Independent body that gives opinions on the method and validates the report."),
    Term("permanent_technical_unit", "STP", "Staff of the evaluation body."),
)

_ORGANISATION = (
    Term("structure", "Struttura", "Any unit that has objectives: the nation, a directorate, an office."),
    Term("responsibility_centre", "Centro di responsabilità", "Unit that holds a budget and answers for objectives."),
    Term("regional_directorate", "Direzione regionale", "Directorate of a region and of the offices in it."),
    Term("metro_directorate", "Direzione di coordinamento metropolitano", "Same for the largest cities."),
    Term("provincial_office", "Direzione provinciale", "Production site of a province."),
    Term("metro_branch", "Filiale metropolitana", "Production site of a metropolitan directorate."),
    Term("provincial_branch", "Filiale provinciale", "Production site below a provincial office."),
    Term("agency", "Agenzia", "Smallest production site."),
    Term("product_directorate", "Direzione di prodotto", "Central directorate that owns a line of products."),
    Term("cluster", "Cluster", "Group of structures that resemble each other, under one of several schemes."),
    Term("org_complexity", "Complessità organizzativa", "Driver of clusters that comes from the organisation."),
    Term("socio_economic_context", "Contesto socio-economico", "Driver of clusters that comes from the territory."),
)

_METHOD = (
    Term("public_value_system", "Sistema del Valore Pubblico", "The method of 2024: dimensions of value and an index."),
    Term("value_pyramid", "Piramide del valore", "From individual results up to public value, level on level."),
    Term("pack", "Pacchetto", "Folder of data with the method and the plan of one administration for one year."),
    Term("objective", "Obiettivo", "What a structure is asked for, measured by indicators."),
    Term("entity_objective", "Obiettivo generale di ente", "Objective that all managers share."),
    Term("specific_objective", "Obiettivo specifico", "Objective of one or more responsibility centres."),
    Term("node", "Nodo", "A place in the tree of a structure, with a weight among its siblings."),
    Term("leaf", "Foglia", "Node without children: an indicator that receives a value."),
    Term("dimension", "Dimensione di valore", "First level of the tree in the method of 2024."),
    Term("sub_dimension", "Sotto ambito", "Second level: a group of indicators inside a dimension."),
    Term("dimension_weight", "Contributo al valore pubblico", "Weight of a dimension in the sheet of a structure."),
    Term("perspective", "Prospettiva", "First level of the tree in the method of 2021."),
    Term("indicator", "Indicatore", "What is compared with a target."),
    Term("elementary_indicator", "Indicatore elementare", "Ratio, time or count of one product."),
    Term("weight", "Peso", "Share of a node in its parent; siblings add up to 1."),
    Term(
        "guest", "Ospite", "An objective that some structures have beside those of all, with weight taken from these."
    ),
    Term("reweighting", "Ripesatura", "The rule by which guests take their weight from their siblings."),
    Term("money", "Somma legata agli obiettivi", "A sum shared over the leaves of a sheet by weight."),
    Term("quota", "Quota", "What a leaf is worth of such a sum; earned by its index, never more than the whole."),
    Term("chain", "Catena", "From strategy to node, project, chapter; levels as the acts declare them."),
    Term(
        "chain_level", "Livello della catena", "One storey of the chain, with what the act declares and what is listed."
    ),
    Term("chain_line", "Linea strategica", "Any element of the chain at one level; never a line of products or a row."),
    Term("link", "Collegamento", "That a node or a project carries a line, a chapter, a goal, an outcome."),
    Term("loose", "Linea sciolta", "A line that nothing carries, an objective that leads to none."),
    Term("baseline", "Valore di partenza", "Result of the year before, from which a target starts."),
    Term("target", "Valore obiettivo", "The value that is asked for."),
    Term("actual", "Consuntivo", "The value that was found."),
)

_SCORE = (
    Term("gap", "Scostamento", "Relative distance from the target, positive when favourable, within its cap."),
    Term("zero_gap", "Scostamento 0 su budget", "The target is the budget itself: index 100."),
    Term("gap_vs_prior_year", "Scostamento sull'anno precedente", "Same structure and indicator, one year before."),
    Term("index", "Indice", "100 × (1 + gap); for a parent, the weighted mean of its children."),
    Term("coverage", "Copertura", "Share of the weight below a node that has a value."),
    Term("finding", "Rilievo", "What a check has to say: where, and stated against recomputed."),
    Term("run", "Elaborazione", "One result with the hashes of all it came from; recomputed, never changed."),
    Term("strategic_performance", "Performance strategica di ente", "Weighted mean over the entity objectives."),
    Term("managerial_performance", "Performance gestionale di ente", "Weighted mean over the perspectives."),
    Term("institutional_performance", "Performance istituzionale", "Weighted mean over the indicators of impact."),
    Term("public_value_index", "Indice sintetico del valore pubblico", "The top of the pyramid."),
)

_WORK = (
    Term("case", "Pratica", "One request, from the day it is received to the day it is resolved."),
    Term("received", "Pervenuto", "Cases that came in during a period."),
    Term("resolved", "Definito", "Cases completed during a period, whatever their outcome."),
    Term("pending", "Giacenza", "Cases still open on a day: pending before, plus received, minus resolved."),
    Term("backlog", "Arretrato", "Only the pending cases older than their standard time."),
    Term("workload", "Carico di lavoro", "Pending at the start, plus received."),
    Term("resolved_over_workload", "Percentuale definito su carico", "Part of the workload that was resolved."),
    Term("clearance_rate", "Indice di deflusso", "Resolved over received, counted in pieces."),
    Term("pending_days", "Indice di giacenza", "How many days of a year's intake the pending points are."),
    Term("standard_hours", "Coefficiente di omogeneizzazione", "Mean hours that one piece of a product takes."),
    Term("standard_point", "Punto omogeneizzato", "A piece times its standard hours: one point is one hour."),
    Term("product_catalogue", "Catalogo prodotti", "Dated list of what is measured, each with area and line."),
    Term("product_model", "Modello di prodotto", "Entry of the catalogue with its coefficient."),
    Term("star_product", "Prodotto STAR", "Product of high impact; in 2024 the only ones that productivity counts."),
    Term("gross_production", "Produzione lorda", "Points produced."),
    Term("automated_production", "Produzione automatizzata", "Points produced without staff."),
    Term("production_staff_fte", "Personale in produzione", "Full-time equivalents in the areas that produce."),
    Term("productivity_index", "Indice di produttività", "Points per head and month, as counted in 2021."),
    Term("productivity_index_star", "Indice di produttività STAR", "Same, on STAR products, as counted in 2024."),
    Term("standard_productivity", "Produttività di riferimento", "The uniform target of 2021: 124 points a month."),
    Term("work_sharing", "Sussidiarietà", "An office works the cases of another."),
    Term("work_sharing_provider", "Sede sussidiante", "The office that does the work."),
    Term("work_sharing_receiver", "Sede sussidiata", "The office whose cases they are."),
    Term("cross_site_dispatch", "Metaprocesso", "The road on which demand moves from the owning to the working site."),
)

_QUALITY = (
    Term("quality_dashboard", "Cruscotto Qualità", "The system with indicators, budgets and indices of quality."),
    Term("quality_index", "Indice sintetico di qualità", "Weighted mean of elementary indices; 100 is on target."),
    Term("quality_budget", "Budget del cruscotto", "Target that comes from comparing homogeneous sites."),
    Term("process_control_score", "Controllo processo produttivo", "Points from four sampled controls."),
    Term("self_declaration_control", "Controllo autocertificazioni", "Checks on what citizens declare."),
    Term("audit_index", "Indice di audit", "Compliance after audits; the target is 100."),
    Term("weighted_pending_appeals", "Giacenza ponderata ricorsi", "Pending administrative appeals, by weight."),
    Term("customer_survey", "Indagine di customer experience", "Mean of answers from 1 to 5."),
    Term("reputation_survey", "Indagine reputazionale", "Same, on reputation."),
)

_ECONOMY = (
    Term("ieep", "IEEP", "Proper name: the financial effect of production that management can call its own."),
    Term("assessment_amount", "Accertamento", "Amount assessed, on accrual."),
    Term("collections_and_payments", "Incassi e pagamenti", "The cash side, counted from 2024."),
    Term("statutory_interest_paid", "Interessi legali", "Interest paid for lateness; lowers the IEEP."),
    Term("avoided_benefits", "Minori prestazioni da vigilanza", "Benefits not paid thanks to controls."),
    Term("subrogation_recoveries", "Azioni surrogatorie", "Sums recovered from liable third parties."),
    Term("payroll_notice_discrepancies", "DMV", "Assessments that come from checks on payroll declarations."),
    Term("eca_assessments", "ECA", "Assessments from the contribution statements of public employers."),
    Term("profitability_ratio", "Indicatore di redditività", "IEEP over the total cost of the centre."),
    Term("direct_cost_share", "Costi diretti su totali", "Direct over total cost."),
    Term("production_cost_share", "Costo diretto di produzione su totali", "Direct production over total cost."),
    Term("cost_per_point", "Costi totali per punto omogeneizzato", "Total cost over points produced."),
    Term("standard_cost_index", "Indicatore sintetico dei costi standard", "Cost ratios against the cluster mean."),
    Term("economic_management_index", "Indice economico di gestione", "Weighted mean of three economic gaps."),
    Term("operating_cost_total", "TOC", "Total operating cost, used per square metre and per head."),
    Term("spending_forecast", "Fabbisogni economici", "Quarterly forecast of each chapter against its use."),
    Term("transit_account", "Conto transitorio", "Costs that wait to be given to the structure they belong to."),
    Term("budget_chapter", "Capitolo", "Line of the budget."),
    Term("cost_item", "Voce di costo", "Line of the cost accounts."),
    Term("period_13", "Mese 13", "The accounting period that closes a year."),
    Term("control_medical_visits", "Visite mediche di controllo", "Visits that employers ask for, and their credits."),
    Term("disposal", "Dismissione del patrimonio", "Property sold, proposed or notified."),
    Term("property_registry", "GeMPI", "Register of property, with errors to clear."),
    Term("annual_payment_delay", "Indicatore di ritardo annuale", "Mean days late, weighted by amount; 0 is on time."),
)

_PROJECTS = (
    Term("project", "Progetto", "Work of several years with deliverables."),
    Term("strategic_activity", "Attività strategica", "Work of one year with deliverables."),
    Term("cross_project", "Progetto trasversale", "Project of several directorates."),
    Term("service_evolution_project", "PES", "Project that changes a service, strategic or institutional."),
    Term("national_improvement_project", "Progetto nazionale di miglioramento", "Clearing of old cases, for all."),
    Term("regional_improvement_project", "Progetto regionale di miglioramento", "Same, chosen by a region."),
    Term("regional_activity_plan", "Piano di autofunzionamento", "What a regional directorate does by itself."),
    Term("deliverable", "Output di progetto", "Document, release or message that can be checked."),
    Term("litigation_registry", "SISCO", "Register of lawsuits, with stale records to clear."),
    Term("remote_defence_plan", "Sussidiarietà legale", "Lawsuits defended for another office."),
)

_PEOPLE = (
    Term("ordinary_incentive", "Incentivo ordinario", "Pay on the gap from the budget."),
    Term("special_incentive", "Incentivo speciale", "Pay on the gap from the year before."),
    Term("effective_productivity_parameter", "Produttività efficace", "Step that pays the ordinary incentive."),
    Term("safe_harbour", "Parametro ottimale", "Full pay for who is above the cluster, despite a slight fall."),
    Term("tep", "TEP", "Proper name: monthly pay times parameter of the organisation times merit."),
    Term("tepi", "TEPI", "Proper name: pay on group results, individual contribution and skills."),
    Term("position_holder", "Titolare di posizione organizzativa", "Staff with an organisational position."),
    Term("result_pay", "Retribuzione di risultato", "Pay of managers and professionals on their results."),
    Term("calibration", "Calibrazione", "Comparison of evaluators by statistical indices."),
    Term("conciliation", "Conciliazione", "Appeal against an individual evaluation."),
)

# What the program itself is made of.
_PROGRAM = (
    Term("store", "Archivio", "Folder that keeps facts, runs and adopted plans; what is in it is never overwritten."),
    Term("opened_runs", "Elaborazioni aperte", "Runs that a process has read and holds in memory."),
    Term("run_registry", "Registro delle elaborazioni", "Which runs the site knows, which hold and which are public."),
    Term("standing", "Posizione", "Index of a structure or node in a run: whole, or partial with its band."),
    Term("among_peers", "Confronto nel cluster", "Where a structure stands among its like, and what chance explains."),
    Term("ranking", "Graduatoria", "The structures in the order of one indicator."),
    Term("beeswarm", "Grafico a sciame", "One dot for each structure along one axis, none over another."),
    Term("request", "Richiesta", "What a verb of the cycle is asked for: pack, period, structures, days."),
    Term("scope", "Perimetro", "What is measured: structures of a pack at a period, in the organisation of a day."),
    Term("adjusted_value", "Valore neutralizzato", "Value that an adjustment puts in the place of another."),
    Term("misprint", "Refuso", "Figure of a published table that breaks what the table must satisfy."),
    Term("note", "Nota", "What is kept beside a figure as a code with fields, worded for who reads it."),
    Term("progress", "Avanzamento", "How far long work is."),
    Term("draft", "Bozza", "Copy of a plan with the edits that people propose to it."),
    Term("preview", "Anteprima", "What scores a draft would give on kept values; nothing is kept."),
    Term("backup", "Copia di sicurezza", "The whole installation in one file that proves itself."),
    Term("warm_up", "Avvio a caldo", "What a process reads before the first page is asked."),
)

SECTIONS: Final = {
    "Cycle and acts": _CYCLE,
    "Bodies": _BODIES,
    "Organisation": _ORGANISATION,
    "Method and plan": _METHOD,
    "Scores": _SCORE,
    "Work": _WORK,
    "Quality": _QUALITY,
    "Economy": _ECONOMY,
    "Projects": _PROJECTS,
    "People": _PEOPLE,
    "The program": _PROGRAM,
}
TERMS: Final = {term.name: term for terms in SECTIONS.values() for term in terms}
