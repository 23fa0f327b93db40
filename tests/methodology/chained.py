"""The small municipality with a chain: two missions, four programmes, a register of two projects."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from piramide.methodology.loading import find_pack

FILES: Final = {
    "chain.yaml": """\
# Dalle missioni ai programmi.
levels:
  missione: {label: Missione, declared: 3, act: piano, place: p. 1}
  programma: {label: Programma, act: piano, place: p. 2}
chapters: capitoli
""",
    "chain/missioni.csv": """\
id,level,kind,label,under,act,place
M1,missione,,Una città che funziona,,piano,p. 1
M2,missione,,Una città vicina,,piano,p. 1
""",
    "chain/programmi.csv": """\
id,level,kind,label,under,act,place
P1.1,programma,,Conti in ordine,M1,piano,p. 2
P2.1,programma,SP,Ascolto,M2,piano,p. 2
P2.2,programma,SP,,M1;M2,piano,p. 2
P2.3,programma,SP,Cultura,M2,piano,p. 2
""",
    "links.csv": """\
structure,node,kind,to,act,place
borgoverde,conti_ordine,chain,P1.1,piano,p. 8
borgoverde,soddisfazione_cittadini,chain,P2.1,piano,p. 9
borgoverde,soddisfazione_cittadini,sdg,16.6,piano,p. 9
borgoverde,soddisfazione_cittadini,stakeholder,Cittadini,piano,p. 9
area_tecnica,lavori_scuola,chain,P2.2,piano,p. 20
area_tecnica,lavori_scuola,chapter,4012,piano,p. 20
area_tecnica,raccolta_differenziata,chain,P2-2,piano,p. 15
""",
    "projects.csv": """\
structure,id,label,kind,node,scored,start,end,evidence,responsible,act,place
area_tecnica,lavori_scuola,Nuova scuola,opera,archivio_edilizio_rete,yes,2025-03-01,2026-06-30,Collaudo,,piano,p. 20
area_servizi,nido,Nuovo nido,,,,,,,,piano,p. 21
""",
    "objective_risks.csv": """\
structure,node,risk,text,level,response,act,place
area_tecnica,lavori_scuola,R1,Ricorso sulla gara,medium,Riserva di tempo,piano,p. 20
""",
    "aliases.csv": "printed,canonical,kind,act,place\nP2-2,P2.2,code,piano,p. 15\n",
    "tables.yaml": "capitoli: {title: Capitoli, key: [chapter], unit: eur, use: Bilancio, act: piano, place: p. 30}\n",
    "tables/capitoli.csv": """\
chapter,title,budget_eur,under
4012,Edilizia scolastica,250000.00,P2.2
4013,Strade,90000.00,
""",
}


def chained(folder: Path) -> Path:
    """Write the pack into `folder`."""
    shutil.copytree(find_pack("comune-esempio"), folder)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
