# SPDX-License-Identifier: BSL-1.0
"""Where the numbers of docs/validation_table.md come from, and which of them it prints. The order is the page's.

A source has
  key        what the tests write; that of a file of tests/reference is the file's name
  heading    of its table, in plain letters, since links lead to it
  paper      whose model, or whose numbers, it is
  made       by what
  intro      what a reader has to know of its table; may be left out
  show       the quantities that are printed, or None: all
  places     how many of a quantity's places, such as countries, are printed; 1 if left out
  cases      a regular expression that a printed case must match; all if left out
  every      1 if all such cases are printed, n: every nth
All other numbers are counted, and the summary has the largest difference among all.
"""

MPMATH = "mpmath, `tools/reference/{}.py`"


def of_file(key, heading, paper, show, **other):
    return {"key": key, "heading": heading, "paper": paper, "made": MPMATH.format(key), "show": show, **other}


SOURCES = [
    {
        "key": "published",
        "heading": "Printed in papers",
        "paper": "see the table",
        "made": "the papers",
        "intro": "Printed with few digits; the difference is absolute, and less than half of the last digit printed.",
        "show": None,
    },
    {
        "key": "us_manufacturing",
        "heading": "US manufacturing",
        "paper": "Bernard, Jensen, Redding and Schott (2007), Table 2, and (2018), Table 1",
        "made": "the papers, from the US census of manufactures",
        "intro": "Industries' shares of firms that export and of exporters' sales that are exports. The economies of "
        "`examples/us_manufacturing` are calibrated to them; ours is what the economies show once they are solved, "
        "under a Pareto and under a log-normal law, of which the larger difference counts.",
        "show": ["share_exporting, percent", "exporter_intensity, percent"],
    },
    {
        "key": "programs",
        "heading": "Programs of others",
        "paper": "Melitz (2003)",
        "made": "programs that their authors have published, with their own inputs",
        "show": None,
    },
    of_file(
        "symmetric",
        "Closed and open economy", "Melitz (2003)",
        ["cutoff", "export_cutoff", "share_exporting", "mass_producers", "average_profit", "price_index", "welfare",
         "domestic_share"],
    ),
    of_file(
        "cutoffs",
        "Random economies", "Melitz (2003)",
        ["cutoff", "export_cutoff", "welfare", "domestic_share"],
        intro="440 economies; each tenth is printed, with its row in the file.",
        every=10,
    ),
    of_file(
        "krugman",
        "Homogeneous firms", "Krugman (1980); Melitz and Redding (2015)",
        ["welfare", "homogeneous_welfare", "domestic_share", "gains_from_trade", "mass_producers", "wage",
         "foreign_welfare", "relative_mass", "productivity of homogeneous firms", "autarky_welfare"],
    ),
    of_file(
        "multinational",
        "Exports or affiliates", "Helpman, Melitz and Yeaple (2004)",
        ["cutoff", "export_cutoff", "affiliate_cutoff", "mass_entrants", "domestic_sales", "exports",
         "affiliate_sales", "welfare"],
    ),
    of_file(
        "chaney",
        "Given entrants", "Chaney (2008)",
        ["dividend", "welfare", "price_index", "sales", "full_tau", "partial_tau_extensive", "full_f"],
        intro="Elasticities of trade (`full_`: in equilibrium; `partial_`: at given price index and income) are of one "
        "exporter to one importer; their differences are absolute.",
        places=2,
    ),
    of_file(
        "acr",
        "Gravity", "Arkolakis, Demidova, Klenow and Rodríguez-Clare (2008)",
        ["wage", "welfare", "gains_from_trade", "change of welfare", "cutoff"],
        places=2,
    ),
    of_file(
        "world",
        "Different countries", "Melitz (2003), as in Melitz and Redding (2014)",
        ["wage", "mass_entrants", "welfare", "cutoff", "outside_labor", "trade_elasticity"],
        cases="^(?!slopes)",
        intro="Also counted: how wages, entrants, welfare, sales, cutoffs and shares answer to costs, sizes and "
        "tariffs, against differences.",
        places=2,
    ),
    of_file(
        "calibrated_world",
        "Worlds calibrated to data", "Melitz (2003), from flows of trade and shares of firms",
        ["welfare", "mass_entrants", "cutoff", "sales"],
        cases="^[^,]*$",
        intro="The worlds as they are seen; also counted: what becomes of them when trade costs, fixed costs or tariffs "
        "change.",
    ),
    of_file(
        "comparative_advantage",
        "Comparative advantage", "Bernard, Redding and Schott (2007)",
        ["relative_wage", "cutoff", "welfare", "mass_producers", "firm_creation"],
        cases="^(?!.*slopes)",
    ),
    of_file(
        "melitz_ottaviano",
        "Linear demand", "Melitz and Ottaviano (2008)",
        ["price_cutoff", "mass_entrants", "average_price", "average_markup", "consumer_surplus"],
        places=2,
    ),
    of_file(
        "separable_demand",
        "Separable demand", "Arkolakis, Costinot, Donaldson and Rodríguez-Clare (2019)",
        ["markup_elasticity", "welfare_elasticity", "profit_share", "wage", "utility"],
        places=3,
    ),
    of_file(
        "sourcing",
        "Global sourcing", "Antràs and Helpman (2004)",
        ["demand", "price_index", "share_of_firms_north_outsourcing", "share_of_firms_south_integration",
         "best bargaining_share"],
    ),
    of_file(
        "technology",
        "Technology upgrading", "Bustos (2011)",
        ["cutoff", "export_cutoff", "upgrade_cutoff", "export_share", "mass_producers", "welfare"],
    ),
    of_file(
        "multiproduct",
        "Many products", "Bernard, Redding and Schott (2006, 2011)",
        ["cutoff", "product_cutoff", "products_per_firm", "mass_producers", "welfare", "gains_from_trade",
         "trade_elasticity"],
        cases="^(?!.*(slopes|firm of ability))",
    ),
    of_file(
        "intermediation",
        "Intermediaries", "Ahn, Khandelwal and Wei (2011)",
        ["cutoff", "export_cutoff", "direct_export_cutoff", "intermediary_share_of_exports", "welfare"],
    ),
    of_file(
        "credit",
        "Liquidity and credit", "Chaney (2016); Manova (2013)",
        ["cutoff", "export_cutoff", "share_exporting", "mass_producers", "welfare", "finance_wedge"],
    ),
    of_file(
        "fair_wage",
        "Fair wages", "Egger and Kreickemeier (2009)",
        ["cutoff", "unemployment", "mean_wage", "welfare", "wage_theil", "wage_gini"],
    ),
    of_file(
        "screening",
        "Screening", "Helpman, Itskhoki and Redding (2010)",
        ["cutoff", "tightness", "unemployment", "mass_entrants", "output", "wage_theil", "wage_gini"],
    ),
    of_file(
        "transition",
        "Transitions", "of Melitz (2003) between steady states",
        ["cutoff", "mass_entrants", "price_index", "mass_exporters", "steady_state_gain",
         "consumption_equivalent_gain", "mass_entrants_per_period, mothballing",
         "mass_entrants_per_period, irreversible"],
        intro="Of paths two periods are printed, the first of which is that of the change.",
        places=2,
    ),
    of_file("menu", "Options of firms", "of all models: free entry with a menu of options", ["demand", "profit_elasticity", "cutoff"]),
    of_file("convex", "Convex profits", "of all models: free entry where profit is convex in size", None),
    of_file(
        "distributions",
        "Laws of productivity", "of all models: survival, and J, the expected gain over x",
        ["survival", "excess"],
        every=2,
    ),
    of_file(
        "law_points",
        "Laws far out", "of all models: from far below the bulk to survivals of 1e-30",
        ["log_excess", "log_survival"],
        intro="`excess` is J, the expected gain over x. Of the logarithms the difference is relative where they exceed 1, "
        "else absolute.",
        every=40,
    ),
    of_file(
        "firms_laws",
        "Laws of firms' sizes", "of all models: log-normal with Pareto tails, Singh-Maddala, Dagum, generalised gamma",
        ["log_J", "log_S"],
        intro="The extreme ones have shapes that hardly exceed the power, powers near 0 and places up to 40 scales out. Of "
        "the logarithms the difference is relative where they exceed 1, else absolute.",
        every=12,
    ),
]
