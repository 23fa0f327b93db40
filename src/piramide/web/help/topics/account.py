"""Help of the pages of people: entering, roles, delegations, calendar, messages; and of the site itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from piramide.web.help.topics.topic import Topic

ACCOUNT = (
    Topic(
        "accesso",
        ("account_", "socialaccount_", "openid_connect_", "entrance", "accounts:leave", "mfa_"),
        _("Accesso"),
        _("Come entro, e che cosa faccio se non ci riesco?"),
        (
            (_("Accesso istituzionale"), _("Con SPID, CIE o le credenziali dell'amministrazione, se il pulsante c'è.")),
            (_("Secondo fattore"), _("Un codice che cambia ogni 30 secondi, dato da un'applicazione del telefono. Conserva i codici di riserva.")),
        ),
        (
            _("Dopo cinque tentativi sbagliati l'accesso si ferma per qualche minuto."),
            _("Se hai dimenticato la password, chiedine una nuova: arriva un messaggio alla tua e-mail."),
            _("Nessuno si registra da solo: i ruoli li dà chi amministra il sito."),
        ),
    ),
    Topic(
        "profilo",
        ("accounts:",),
        _("Il mio profilo"),
        _("Che cosa posso fare qui, e fino a quando?"),
        (
            (_("Ruolo"), _("Vale su una struttura e su tutto ciò che le sta sotto, per un tempo.")),
            (_("Delega"), _("Dà un tuo ruolo a un collega fino a un giorno: non può andare oltre ciò che hai tu.")),
        ),
        (_("Cambia la password, attiva il secondo fattore, chiudi le sessioni che non riconosci."), _("Delega un ruolo, o ferma una delega.")),
        ("structure",),
    ),
    Topic(
        "persone",
        (
            "accounts:people", "accounts:person", "accounts:invite", "accounts:take", "accounts:give", "accounts:suspend",
            "accounts:readmit", "accounts:drop_second_factor",
        ),
        _("Persone e ruoli"),
        _("Chi può entrare, con quale ruolo, su quale struttura e fino a quando?"),
        ((_("Ruolo tolto"), _("Smette di valere subito; resta nella storia della persona e nel registro.")),),
        (_("Invita una persona, dalle un ruolo su una struttura, con motivo o atto."), _("Togli un ruolo o sospendi l'utenza: puoi annullare.")),
        ("structure",),
    ),
    Topic(
        "scadenze",
        ("calendar:", "deadlines:", "messages:", "inbox:"),
        _("Scadenze e messaggi"),
        _("Che cosa scade, quando, e che cosa devo fare io?"),
        ((_("Scadenze di legge"), _("I giorni fissati per piano, monitoraggio, relazione e validazione, con la norma.")),),
        (_("Scegli se ricevere i promemoria uno per uno o in un riassunto."),),
    ),
    Topic(
        "guida",
        ("help:",),
        _("Guida e dichiarazioni"),
        _("Dove trovo aiuto, l'accessibilità e la privacy?"),
        (),
        (_("«Guida», in alto in ogni pagina, porta all'aiuto di quella pagina."), _("Nel glossario ogni parola ha un solo significato.")),
    ),
)  # fmt: skip
