"""Where the formulas are from, each with the place in it; proper names, the same in every language."""

from __future__ import annotations

from collections.abc import Mapping

SOURCES: Mapping[str, str] = {
    "logistics_handbook_status": (
        "USAID | DELIVER PROJECT, The Logistics Handbook, 2nd edition (2011): Assessing stock status"
    ),
    "logistics_handbook_control": (
        "USAID | DELIVER PROJECT, The Logistics Handbook, 2nd edition (2011): Inventory control systems"
    ),
    "openlmis_requisition": (
        "OpenLMIS 3, requisition service: LineItemFieldsCalculator (columns A to Z of a requisition)"
    ),
    "openlmis_orderable": "OpenLMIS 3, reference data service: Orderable, packs to order",
    "openlmis_stock": "OpenLMIS 3, stock management service: stock-out days (year of 360 days)",
    "elmis_requisition": "eLMIS (OpenLMIS 2): RnrLineItem, normalised consumption, AMC, packs to ship",
    "commtrack": "CommCare HQ, CommTrack: consumption (periods without stock-out) and stock states",
    "ospsante": "OSPSANTE, Mali: monthly push from the three-month average (maximum of two months)",
    "yeksi_naa": "Yeksi Naa, Senegal (informed push model): taux de perte, disponibilité de la gamme",
    "openhie_kpi": "OpenHIE Supply Chain: key performance indicators",
    "indicator_registry": "Interagency Supply Chain Group: harmonised indicators, stocked according to plan",
    "who_malaria": "WHO malaria package for DHIS2: stock indicators, days out “at any point during the day”",
    "who_epi": "WHO immunisation package for DHIS2: open and closed vial wastage, stock discrepancy",
    "who_wastage": "WHO, Revising global indicative wastage rates: a concept note (2019)",
    "technet_wastage": "TechNet-21: monthly and cumulative open-vial wastage, worked example",
    "who_building_blocks": (
        "WHO, Monitoring the building blocks of health systems (2010): 4, Access to essential medicines"
    ),
    "who_dqa": "WHO, Data quality assurance toolkit (2022): completeness, timeliness, consistency over time",
    "who_facility_data": (
        "WHO, Analysis and use of health facility data: guidance for immunization programme managers (2021)"
    ),
    "who_denominators": (
        "WHO, UNICEF, Assessing and improving the accuracy of target population estimates (2015)"
    ),
    "d4i_reporting": "Data for Impact, Family planning and reproductive health indicators: reporting rate",
    "d4i_cyp": "Data for Impact, Family planning and reproductive health indicators: couple-years",
    "usaid_cyp": "USAID, Couple-years of protection conversion factors, as revised in August 2021",
    "guinea": "Malaria Journal 17 (2018), doi 10.1186/s12936-018-2603-z: stock-outs missed by reports",
    "mds3": "MSH, MDS-3: Managing Access to Medicines and Health Technologies (2012): 40, ABC and VEN",
    "syntetos_boylan": (
        "Boylan, Syntetos, Karakostas, Classification for forecasting and stock control (2008), JORS 59(4)"
    ),
    "croston": "Croston (1972); Syntetos, Boylan (2005), International Journal of Forecasting 21(2)",
    "tsb": "Teunter, Syntetos, Babai (2011), European Journal of Operational Research 214(3)",
    "fpp3": "Hyndman, Athanasopoulos, Forecasting: Principles and Practice (2021): 5.2, Simple methods",
    "fpp3_error": (
        "Hyndman, Athanasopoulos, Forecasting: Principles and Practice, 3rd ed. (2021): 5.8, Point accuracy"
    ),
    "hyndman_koehler": "Hyndman, Koehler, Another look at measures of forecast accuracy (2006), IJF 22(4)",
    "noufaily": "Noufaily et al., An improved algorithm for outbreak detection (2013), Stat. Med. 32(7)",
}
