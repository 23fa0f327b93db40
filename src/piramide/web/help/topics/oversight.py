"""Help of the pages where results are watched, validated and published."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from piramide.web.help.topics.topic import Topic

OVERSIGHT = (
    Topic(
        "sorveglianza",
        ("oversight:",),
        _("Sorveglianza"),
        _("I risultati si possono credere, e che cosa aspetta una decisione?"),
        (
            (_("Esecuzione"), _("Un calcolo conservato, con l'impronta di tutto ciò che ha letto.")),
            (_("Sigillo verde"), _("Compare soltanto dopo una verifica rifatta adesso: il risultato è identico.")),
        ),
        (_("Apri un'esecuzione per verificarla, confrontarla, validarla o pubblicarla."),),
        ("run", "validation", "finding"),
    ),
    Topic(
        "esecuzione",
        ("oversight:run", "oversight:runs", "oversight:comparison", "oversight:verify"),
        _("Esecuzioni e verifica"),
        _("Da che cosa viene questo calcolo, e rifacendolo risulta lo stesso?"),
        (
            (_("Impronta"), _("Un codice che cambia se cambia un solo carattere di ciò che è stato letto.")),
            (_("Verifica"), _("Rifà il calcolo dall'inizio e confronta ogni numero.")),
        ),
        (_("Avvia la verifica: l'esito resta nella pagina del lavoro."), _("Confronta con un'altra esecuzione per vedere che cosa è cambiato.")),
        ("run", "measurement"),
    ),
    Topic(
        "decisioni",
        ("oversight:validation", "oversight:publication"),
        _("Validazione e pubblicazione"),
        _("I risultati possono dare premi e si possono pubblicare?"),
        (
            (_("Validazione"), _("È dell'OIV: senza, i risultati non si pubblicano.")),
            (_("Pubblicazione"), _("Da quel momento chiunque legge i risultati, anche senza accedere.")),
            (_("L'ultimo sguardo"), _("Una lista di controllo: ogni riga è a posto, blocca, o si supera con un motivo che sarà pubblicato.")),
        ),
        (_("Scrivi l'atto e la data: restano accanto ai risultati."),),
        ("validation", "evaluation_body", "act"),
    ),
    Topic(
        "allarmi",
        ("oversight:alarms", "oversight:alarms_of", "oversight:note", "oversight:listen"),
        _("Allarmi di integrità"),
        _("Che cosa è insolito nei dati e merita una domanda?"),
        (
            (_("Quanto è raro"), _("Quante volte capiterebbe per caso. Non è un'accusa: spesso c'è una ragione onesta, ed è scritta.")),
        ),
        (_("Guarda le prove, chiedi alla struttura, scrivi che cosa hai trovato."),),
        ("finding",),
    ),
    Topic(
        "rettifiche",
        ("oversight:adjustment", "oversight:adjustments", "oversight:propose", "oversight:confirm", "oversight:withdraw", "oversight:try_again"),
        _("Rettifiche"),
        _("Quali fatti sono stati corretti dopo, perché, e con quale effetto?"),
        ((_("Prima e dopo"), _("L'indice delle strutture toccate, senza e con la rettifica.")),),
        (_("Proponi una rettifica con motivo, atto e ambito; un'altra persona la conferma."), _("Ritirarla è possibile, e resta scritto.")),
        ("adjustment", "act"),
    ),
    Topic(
        "registro",
        ("audit:",),
        _("Registro delle modifiche"),
        _("Chi ha cambiato che cosa, quando e perché?"),
        (
            (_("Catena"), _("Ogni riga contiene l'impronta di quella prima: una riga tolta o cambiata si vede.")),
        ),
        (_("Filtra per persona, azione o struttura."), _("Verifica la catena intera."), _("Scarica il registro in CSV.")),
    ),
    Topic(
        "lavori",
        ("jobs:",),
        _("Lavori"),
        _("Quali elaborazioni lunghe sono in corso, e come sono finite?"),
        ((_("Stato"), _("In attesa, in corso con l'avanzamento, finito, annullato, o interrotto se il programma che lo faceva si è fermato.")),),
        (_("Annulla un lavoro in corso, o ripeti uno interrotto."), _("Alla fine trovi qui il collegamento al risultato.")),
        ("run", "measurement"),
    ),
    Topic(
        "dati-aperti",
        ("opendata:", "open:"),
        _("Dati aperti"),
        _("Dove trovo il piano e i risultati in file che posso riusare?"),
        (
            (_("Indirizzo permanente"), _("Ogni esecuzione pubblicata ha un indirizzo che non cambia: puoi citarlo.")),
            (_("Catalogo"), _("La descrizione dei file nella forma DCAT-AP_IT, che i portali leggono da soli.")),
        ),
        (_("Scarica piano, risultati e dichiarazioni sulla qualità in CSV o JSON; non serve accedere."),),
        ("run", "indicator"),
    ),
    Topic(
        "api",
        ("api:", "api-", "tokens:", "accounts:token"),
        _("Uso da programma (API)"),
        _("Come leggo e scrivo gli stessi dati con un programma?"),
        ((_("Chiave"), _("Apre soltanto ciò che le permetti, fino al giorno che scegli. Si vede una volta sola, quando nasce.")),),
        (_("Crea una chiave, provala con l'esempio, revocala quando non serve più."),),
    ),
)  # fmt: skip
