"""The page in Streamlit, with its defaults: `streamlit run page_streamlit.py -- FIGURES`.

What a first version is like: a heading, two charts, and a button with its figures for each place below.
"""

import json
import sys
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

places = json.loads(Path(sys.argv[1]).read_text())
place = places[st.session_state.get("place", next(iter(places)))]
st.title(place["name"])
for side in ("services", "commodities"):
    st.plotly_chart(go.Figure(go.Scatter(x=place["months"], y=place[side], name=side)), key=side)
for row in place["below"]:
    name, services, commodities = st.columns(3)
    name.button(row["name"], key=row["id"], on_click=st.session_state.update, args=({"place": row["id"]},))
    services.write(row["services"])
    commodities.write(row["commodities"])
