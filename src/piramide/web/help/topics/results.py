"""Help of the pages that show results."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from piramide.web.help.topics.topic import Topic

RESULTS = (
    Topic(
        "piramide",
        ("house:home",),
        _("Piramide"),
        _("Come va l'amministrazione, che cosa è cambiato dall'ultimo periodo e dove conviene guardare?"),
        (
            (_("I quattro livelli"), _("La piramide dei documenti: dal valore pubblico, in alto, ai risultati delle persone, in basso. Ogni livello porta alle sue pagine.")),
            (_("Che cosa è cambiato"), _("I cinque movimenti più grandi dal periodo prima, ognuno con l'indicatore che lo spiega di più.")),
            (_("La mappa"), _("Una casella per struttura, al suo posto approssimativo: il numero è l'indice, il colore la distanza da 100. La tabella sotto dice lo stesso.")),
            (_("Da fare"), _("Ciò che si aspetta da te, prima ciò che è in ritardo. Lo vedi soltanto tu.")),
        ),
        (_("Scegli un altro periodo dalla riga in alto."), _("Apri un livello, una casella o un movimento per vedere da dove viene.")),
        ("index", "public_value_index", "institutional_performance", "cluster"),
    ),
    Topic(
        "strategia",
        ("strategy:",),
        _("Strategia"),
        _("Dov'è una linea strategica, che cosa la porta avanti e come sta?"),
        (
            (_("Linea"), _("Una linea strategica, una missione, una linea guida, un obiettivo generale: un elemento di un livello della catena. Non ha un indice suo: dice come sta ciò che la porta avanti.")),
            (_("Voci"), _("Gli obiettivi delle schede e i progetti che i documenti legano alla linea, o a una linea che le sta sotto.")),
            (_("Come stanno"), _("All'obiettivo: indice di 100 o più. Sotto: meno di 100. Non ancora dovute: il loro giorno non è venuto. Senza un indice intero: manca un valore. Non valutate: nessuna scheda dà loro un indice.")),
            (_("Sciolto"), _("Una linea che nulla porta avanti; un obiettivo che non conduce a una linea, mentre altri accanto a lui sì; un progetto che non conduce al livello più alto.")),
        ),
        (
            _("Scrivi il codice di una linea, anche come un documento lo stampa con un refuso: si apre la sua pagina."),
            _("Apri un livello per volta, o leggi tutta la catena in tabella."),
            _("Da una scheda, da una spiegazione o da un progetto risali alle linee verso cui vanno."),
        ),
        ("objective", "act", "index"),
    ),
    Topic(
        "strutture",
        ("structures:index",),
        _("Strutture"),
        _("Quali strutture ci sono e a che punto è ognuna?"),
        ((_("Indice parziale"), _("Fra parentesi: manca il valore di una parte del peso, e il numero può ancora cambiare molto.")),),
        (_("Cerca per nome, o filtra per tipo, regione e indice: i filtri restano nell'indirizzo, che puoi mandare a un collega."),),
        ("structure", "index", "coverage"),
    ),
    Topic(
        "scheda",
        ("structures:sheet", "structures:"),
        _("Scheda della struttura"),
        _("Che cosa è stato chiesto a questa struttura, dove si trova, perché non è a 100 e che cosa la sposterebbe di più?"),
        (
            (_("Perché non 100"), _("I punti che ogni indicatore toglie o porta all'indice, la perdita più grande per prima. Sommati danno la distanza da 100.")),
            (_("Che cosa conta di più ora"), _("Quanti punti guadagna l'indice della struttura se quell'indicatore migliora di un punto. Oltre il limite il guadagno non conta.")),
            (_("Barra dello scostamento"), _("La scala è la stessa in tutta la scheda e finisce al limite del piano: zero è l'obiettivo, la tacca segna il limite.")),
            (_("Segni"), _("▲ favorevole, ▼ sfavorevole, ● sull'obiettivo, ○ senza valore, ◌ stimato, ✎ rettificato, ⚑ contestato.")),
        ),
        (
            _("Apri qualunque numero: la spiegazione arriva fino alle righe dei fatti."),
            _("Guarda la storia, il confronto nel cluster e quello con un anno prima."),
            _("Scarica la scheda in PDF, XLSX o CSV."),
            _("Se dirigi la struttura, contesta un dato dalla sua spiegazione."),
        ),
        ("index", "gap", "weight", "coverage", "target"),
    ),
    Topic(
        "spiegazione",
        ("structures:explanation", "structures:entries"),
        _("Spiegazione di un numero"),
        _("Da dove viene questo numero, passo per passo?"),
        (
            (_("Da dove viene"), _("Dall'indice allo scostamento, dal valore alle misure, dalle misure alle righe registrate.")),
            (_("Regola e atto"), _("Come si calcola e quale documento lo decide, con la pagina.")),
            (_("Qualità del dato"), _("Come è verificato, da dove viene, quali limiti ha. Se il piano non lo dice, è scritto.")),
            (_("Esecuzione"), _("Il calcolo conservato da cui viene il numero: chiunque può rifarlo e confrontarlo.")),
        ),
        (_("Esc chiude la spiegazione e ti riporta dov'eri."), _("«Apri come pagina» dà un indirizzo da conservare o da mandare.")),
        ("run", "gap", "act", "measurement"),
    ),
    Topic(
        "indicatori",
        ("indicators:",),
        _("Indicatori"),
        _("Che cosa misura un indicatore, chi ne risponde e come vanno tutte le strutture?"),
        (
            (_("Definizione e formula"), _("In parole e nella forma esatta, con l'atto che le decide.")),
            (_("Grafico a punti"), _("Un punto per struttura, dentro il suo gruppo: il confronto si fa fra simili.")),
            (_("Qualità del dato"), _("Come è verificato il dato, quale precisione serve e come si rimedia ai limiti.")),
        ),
        (_("Apri una struttura per vedere il numero nella sua scheda."), _("Scarica i valori in CSV.")),
        ("indicator", "cluster", "target", "actual"),
    ),
    Topic(
        "ricerca",
        ("search:",),
        _("Ricerca"),
        _("Dove si parla di una struttura, di un indicatore, di un atto o di un progetto?"),
        (),
        (_("Scrivi una o più parole, anche l'inizio: contano tutte."), _("I risultati sono divisi per tipo; vedi soltanto ciò che puoi leggere.")),
    ),
    Topic(
        "spesa",
        ("spending:",),
        _("Spesa"),
        _("Quanto si prevedeva di spendere, quanto si è speso e chi è fuori dalla tolleranza?"),
        (
            (_("Previsioni I–IV"), _("Le quattro previsioni dell'anno, una per trimestre.")),
            (_("Tolleranza"), _("Di quanto la spesa può scostarsi dalla previsione senza togliere punti: sono le regole del piano.")),
            (_("Conto transitorio"), _("Costi che aspettano la struttura giusta: a fine anno devono essere pochi.")),
        ),
        (_("Scegli la struttura e il periodo."), _("Apri il numero per vedere la regola applicata.")),
        ("spending_forecast", "transit_account", "budget_chapter"),
    ),
    Topic(
        "qualita",
        ("quality:",),
        _("Qualità"),
        _("Com'è la qualità del servizio, rispetto al budget e a un anno fa?"),
        ((_("Dagli indicatori elementari all'area"), _("Ogni indicatore elementare ha il suo peso nell'indice dell'area; le aree formano l'indice della struttura.")),),
        (_("Scegli la struttura e il periodo."), _("Parti dall'area più bassa: sotto ci sono gli indicatori che la fanno.")),
        ("quality_index", "quality_budget"),
    ),
)  # fmt: skip
