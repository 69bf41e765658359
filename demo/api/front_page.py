"""`/`: says plainly, in French and English, that this is a demonstration and not DHIS2."""

from __future__ import annotations

from html import escape

from flask import Blueprint, Response

from demo.api.system import MARKED, VERSIONS
from demo.web import NO_STORE, dialect, store

blueprint = Blueprint("front_page", __name__)
PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Démonstration – pas DHIS2 · Demonstration – not DHIS2</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0
1rem;color:#1d2a33}}
h1{{font-size:1.4rem}}section{{border-top:3px solid #b45309;padding-top:1rem;margin-
top:2rem}}code{{background:#f1f5f9}}
@media (prefers-color-
scheme:dark){{body{{background:#10171c;color:#e2e8f0}}code{{background:#1e293b}}}}</style></head>
<body>
<section lang="fr"><h1>Ceci est une démonstration, pas DHIS2</h1>
<p>Ce petit serveur répond comme l'API Web de DHIS2 {version} pour la partie dont Tandem se sert. Il
contient des {data_fr} ({place}, {values} valeurs) et des comptes inventés. N'y mettez aucune donnée
réelle.</p>
<p>Exemple : <code>GET /api/system/info</code>, compte <code>admin</code>.</p></section>
<section lang="en"><h1>This is a demonstration, not DHIS2</h1>
<p>This small server answers like the Web API of DHIS2 {version}, for the part that Tandem uses. It holds
{data_en} ({place}, {values} values) and made-up accounts. Put no real data into it.</p>
<p>Example: <code>GET /api/system/info</code>, account <code>admin</code>.</p></section>
</body></html>
"""
PUBLISHED = "données publiées", "published figures"
SYNTHETIC = "<strong>données synthétiques, inventées</strong>", "<strong>synthetic, invented figures</strong>"
"""What the figures are, in French and English."""


@blueprint.get("/")
def front_page() -> Response:
    """Returns the page; nobody needs to log in for it."""
    kept = store()
    roots = (u["name"] for u in kept.all("organisationUnits").values() if u["level"] == 1)
    count = kept.execute("SELECT count(*) FROM data_values WHERE NOT deleted").fetchone()[0]
    kind = SYNTHETIC if kept.setting(MARKED) else PUBLISHED
    page = PAGE.format(
        version=VERSIONS[dialect()],
        data_fr=kind[0],
        data_en=kind[1],
        place=escape(next(roots, "")),
        values=f"{count:,}".replace(",", " "),
    )
    return Response(page, content_type="text/html;charset=UTF-8", headers={"Cache-Control": NO_STORE})
