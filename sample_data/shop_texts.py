"""Products of the shop and what its customers write."""

PRODUCTS = (
    ("Family tent Sommerwind 5", "TNT-505", 389), ("Trekking tent Kolkrabe 2", "TNT-202", 219),
    ("Sleeping bag Murmeltier", "SLP-110", 99), ("Children's sleeping bag Igel", "SLP-060", 49),
    ("Sleeping mat 6 cm", "MAT-060", 59), ("Camping stove Funke", "STV-010", 65), ("Pot set, 4 pieces", "POT-004", 42),
    ("Lantern Glimm, warm light", "LMP-020", 29), ("Head torch", "LMP-005", 24), ("Folding table", "FUR-100", 79),
    ("Folding chair", "FUR-050", 39), ("Cool box 28 l", "BOX-028", 89), ("Rain tarp 3 x 4 m", "TRP-034", 54),
    ("Hiking backpack 45 l", "BAG-045", 129), ("Children's backpack 12 l", "BAG-012", 35),
    ("Water bottle 1 l", "BTL-100", 19), ("Enamel cup", "CUP-001", 12), ("Tent pegs, 10 pieces", "PEG-010", 14),
    ("Picnic blanket", "BLK-200", 32), ("First aid kit", "AID-001", 27), ("Hammock", "HAM-001", 45),
    ("Board game for the tent", "GAM-003", 22),
)  # fmt: skip
COMMENTS = {
    "icp": (
        "The tent was up before the children started to quarrel.",
        "Packed in the evening, off on Friday after school. That only works because everything fits together.",
        "Three kids, two weekends a month, nothing has broken yet.",
        "You tell me honestly what a family needs and what it does not.",
        "Spare parts after three years, try to find that anywhere else.",
        "We camp more since the gear is no longer the reason for a fight.",
        "The packing list saved our holiday, we forgot nothing for the first time.",
        "Our youngest sleeps better in the tent than at home.",
        "One order for the whole family and it arrived before the long weekend.",
        "We started when our second child was born and hotels became too expensive.",
        "Robust enough for kids, light enough for the bike trailer.",
        "I recommended you to three families at the camp site.",
        "Rain for five days and everybody stayed dry. That is all I need to know.",
        "The service explained to me on the phone how to mend the pole while we were on the camp site.",
    ),
    "high": (
        "Good quality and fast delivery.",
        "Exactly as described, friendly service.",
        "Light, small, does not leak.",
        "Fair prices and no plastic in the parcel.",
        "Returned one item, the money was back in two days.",
        "The backpack fits as if it were made for me.",
        "I like that you repair things.",
        "Best sleeping mat I ever had.",
    ),
    "mid": (
        "Good, but the delivery took a week.",
        "Nice shop, a bit expensive.",
        "Colours look different from the photos.",
        "Quality is fine, the size chart is not.",
        "Okay for one trip a year.",
        "I would like to see more reviews.",
        "Some things were sold out all summer.",
    ),
    "low": (
        "Only bought because of the coupon, would not pay the full price.",
        "Cheaper elsewhere.",
        "Sent it back, too heavy.",
        "The parcel came after the festival.",
        "Too much e-mail.",
        "Zip broke on the first night.",
        "The refund took forever.",
        "Not my thing.",
    ),
}
REASONS = (  # checkbox: (choice, weight for ideal customers, weight for others)
    ("Quick to set up", 9, 4), ("Lasts for years", 8, 4), ("Space for the whole family", 9, 1),
    ("Low price", 2, 9), ("Low weight", 2, 6), ("Repair service", 6, 2), ("Looks good", 1, 5), ("Fast delivery", 3, 5),
)  # fmt: skip
