"""Help of the pages where the cycle is worked: plan, collection, projects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from piramide.web.help.topics.topic import Topic

CYCLE = (
    Topic(
        "piano",
        ("plans:",),
        _("Piano"),
        _("Quali versioni del piano ci sono, che cosa chiedono e chi le ha adottate?"),
        (
            (_("Versioni"), _("Una dopo l'altra, ognuna con l'atto che l'ha adottata. Una versione adottata non si modifica più: si fa una variazione.")),
            (_("L'albero"), _("Dimensioni, gruppi e indicatori di una struttura, con pesi e obiettivi.")),
        ),
        (_("Apri una versione e scegli la struttura."), _("Confronta due versioni: la differenza si legge come l'allegato di una delibera.")),
        ("objective", "weight", "target", "act"),
    ),
    Topic(
        "variazioni",
        ("plans:comparison", "plans:ask_comparison"),
        _("Variazione del piano"),
        _("Che cosa cambia fra due versioni, struttura per struttura?"),
        ((_("Prima e dopo"), _("Due colonne soltanto dove qualcosa è cambiato; il resto è uguale.")),),
        (_("Scarica l'allegato in CSV."),),
        ("act", "target", "weight"),
    ),
    Topic(
        "assegnazioni",
        ("assignments:",),
        _("Schede assegnate"),
        _("Con quale atto e da quale giorno valgono gli obiettivi di una struttura, e chi ne ha preso visione?"),
        (
            (_("Presa visione"), _("Dice che la scheda è stata letta, non che è stata accettata. Chi ha osservazioni le scrive nella riserva.")),
            (_("Non ancora presa visione"), _("Il termine è passato e nessuno di chi ha l'incarico ha risposto: il silenzio non vale mai come accettazione.")),
            (_("Sostituita"), _("Una variazione ha cambiato la scheda, che è stata assegnata di nuovo: la presa visione si dà su quella nuova.")),
        ),
        (
            _("Se dirigi la struttura, apri la scheda e registra la presa visione, con la tua riserva se ne hai una."),
            _("Chi pianifica assegna una scheda, quelle di un tipo di struttura o tutte: si consegnano solo quelle nuove o cambiate."),
        ),
        ("objective", "act", "target"),
    ),
    Topic(
        "bozza",
        ("plans:draft", "plans:new", "plans:edit", "plans:try_out", "plans:checks", "plans:take_back"),
        _("Bozza del piano"),
        _("Che cosa propone questa bozza e che cosa le manca?"),
        (
            (_("Controlli"), _("Girano mentre scrivi: ciò che non torna è detto accanto al campo, con il rimedio.")),
            (_("Due persone sulla stessa bozza"), _("Se un collega ha salvato prima di te, vedi i due testi e scegli: nulla va perso.")),
        ),
        (
            _("Cambia pesi, obiettivi e assegnazioni di una struttura per volta."),
            _("Prova la bozza sui valori dell'anno scorso prima di proporla."),
            _("Quando i controlli passano, proponila: da lì in poi servono gli atti."),
        ),
        ("weight", "target", "finding"),
    ),
    Topic(
        "simulazione",
        ("plans:simulation", "plans:picture"),
        _("Simulazione della bozza"),
        _("Con questa bozza, come sarebbe andato l'anno scorso: chi guadagna e chi perde?"),
        ((_("Grafico"), _("Ogni punto è una struttura, nel suo gruppo: a destra di zero guadagna, a sinistra perde.")),),
        (_("Guarda prima chi perde di più: la scheda dice quale modifica lo causa."),),
        ("index", "cluster"),
    ),
    Topic(
        "adozione",
        ("plans:proposal", "plans:opinion", "plans:adoption", "plans:sending_back"),
        _("Proposta, parere e adozione"),
        _("A che punto è la bozza, e quale atto serve adesso?"),
        (
            (_("Proposta"), _("Chi pianifica la chiude e la manda all'OIV: da qui la bozza non si modifica.")),
            (_("Parere"), _("L'OIV lo dà con il numero e la data del suo atto, oppure rimanda indietro la bozza.")),
            (_("Adozione"), _("Con il numero e la data della delibera la bozza diventa una versione del piano, e dal giorno di decorrenza è il piano in vigore: i nuovi calcoli la usano, quelli già fatti restano come sono.")),
        ),
        (_("Ogni passaggio chiede atto e data e resta nel registro."),),
        ("act", "evaluation_body"),
    ),
    Topic(
        "raccolta",
        ("collection:",),
        _("Raccolta"),
        _("Che cosa manca in questo trimestre, chi lo deve, entro quando?"),
        (
            (_("Campagna"), _("I valori da raccogliere per un periodo, con il responsabile e la scadenza di ognuno.")),
            (_("Conferma"), _("È una firma: dice chi ha confermato, e quando.")),
            (_("Contestazione"), _("Chi dirige la struttura dice perché un dato non è giusto; chi lo ha fornito risponde. Restano le due ragioni.")),
        ),
        (
            _("Scrivi i valori nella griglia, o carica un file CSV o XLSX: prima di salvare vedi quali righe sono accettate."),
            _("Conferma quando la tua parte è completa."),
            _("Allega le prove a un valore."),
        ),
        ("actual", "indicator", "finding"),
    ),
    Topic(
        "griglia",
        ("collection:sheet", "collection:indicator", "collection:cell", "collection:upload", "collection:preview"),
        _("Inserire i valori"),
        _("Quali valori mancano e quali non tornano?"),
        (
            (_("In grigio"), _("Il valore di un anno prima e l'intervallo atteso: aiutano, non vincolano.")),
            (_("Valore rifiutato"), _("La ragione è scritta sotto la casella; ciò che hai scritto resta.")),
            (_("Salvato"), _("Ogni casella si salva da sola quando la lasci: lo stato è scritto accanto.")),
        ),
        (
            _("Tab passa alla casella dopo, Invio alla riga sotto."),
            _("Incolla da un foglio di calcolo: i valori si distribuiscono nelle caselle."),
            _("Se la sessione finisce, entra di nuovo: ciò che hai scritto non è perso."),
        ),
        ("actual", "finding"),
    ),
    Topic(
        "progetti",
        ("projects:",),
        _("Progetti"),
        _("A che punto sono i progetti, quali prodotti mancano e chi li deve attestare?"),
        (
            (_("Prodotto"), _("Un documento, un rilascio o un messaggio che si può controllare.")),
            (_("Attestazione e validazione"), _("Il coordinatore attesta che il prodotto c'è; chi valida conferma. Solo allora conta nell'indice.")),
        ),
        (_("Apri un progetto per vedere prodotti, prove e tempi."), _("Se è compito tuo, attesta o valida dalla pagina del prodotto.")),
        ("project", "deliverable"),
    ),
)  # fmt: skip
