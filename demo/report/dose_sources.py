"""Where the doses of the catalogue are from."""

DOSES = {
    "MAL_RDT": "WHO guidelines for malaria: every suspected case is tested; 4 % of tests are spoilt",
    "ACT_6X1": "WHO guidelines for malaria: 6x1 for 5 to 14 kg; 6x2 to 24 kg; 6x3 to 34 kg; 6x4 above",
    "ARTESUNATE": "WHO guidelines for malaria: 2.4 mg/kg (3 below 20 kg) at 0, 12 and 24 hours, then daily",
    "SP": "WHO guidelines for malaria: three tablets a dose of IPTp",
    "LLIN": "WHO guidelines for malaria: a net at the first antenatal visit, one with immunisation",
    "HIV_RDT1": "WHO consolidated HIV testing guidelines (2019): a second test for who reacts to the first",
    "TLD_30": "WHO consolidated HIV guidelines (2021): a bottle of 30 a month",
    "COTRIM": "WHO (2014): 960 mg a day for those who need prophylaxis, a fifth of those on treatment",
    "PILL_COC": "one to three cycles a visit, chosen; 12 or more a year: Glob Health Sci Pract 12(2) (2024)",
    "DMPA_IM": "one dose in three months",
    "IMPLANT_LNG": "one for each insertion; the two kinds share them",
    "IUD_CU": "one for each insertion, one in fifty spoilt",
    "IRON_FOLATE": "WHO antenatal care (2016): a tablet a day, 30 at a visit",
    "OXYTOCIN": "WHO uterotonics (2018): 10 IU at birth; more for haemorrhage",
    "MISOPROSTOL": "WHO uterotonics (2012, 2018): 600 µg where there is no oxytocin; 800 for haemorrhage",
    "MGSO4": "Pritchard's regimen: 14 g, then 5 g every four hours for a day: nine ampoules of 5 g",
    "GENTAMICIN": "WHO (2015): once a day for seven days",
    "CHLORHEXIDINE": "WHO (2013): a tube for a newborn's cord",
    "AMOXICILLIN": "WHO, childhood pneumonia (2014): 40 mg/kg twice a day for three to five days",
    "ORS": "WHO/UNICEF (2004): two sachets for treatment at home",
    "ZINC": "WHO/UNICEF (2004): ten tablets or more",
    "RUTF": "WHO (2013): 150 to 220 kcal/kg a day, two or three sachets",
    "PENTA": "13 % wasted, chosen; WHO's indicative maximum for liquid vials of ten is 25 %",
    "MEASLES_V": "a quarter wasted, chosen; WHO's indicative maximum for lyophilised vials of ten is 50 %",
}
"""Commodity -> where its dose is from; those of its family or kind share it."""
