#!/usr/bin/env python3
"""Writes prices.tsv, the built-in price table, from two JSON files; standard library only.

    python3 build_prices.py model_prices.json additions.json > prices.tsv

model_prices.json is a reduction of litellm's model_prices_and_context_window.json (MIT, LICENSE-litellm.txt) in which a model is
{"provider", "model", "max_input", "max_output", "price": {...}} with prices in USD per single token. additions.json holds models and corrections that are
newer than that snapshot, in the same form. README.md tells how to refresh both.
"""

import json
import sys
from decimal import Decimal
from fractions import Fraction

VENDORS = ["anthropic", "azure", "bedrock", "cohere", "deepseek", "gemini", "groq", "mistral", "openai", "openrouter"]

# One letter per price, as PriceRow.cs reads them.
KINDS = {"i": "input", "o": "output", "r": "cache_read", "w": "cache_write", "l": "cache_write_1h", "t": "reasoning", "m": "input_media"}

# USD for one: an image, an hour of sound, a million characters, a search.
UNITS = {"g": "per_image", "s": "per_hour", "c": "per_million_characters", "q": "per_search"}


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_float=Decimal)


def per_million(price):
    """USD per million as short, exact decimal text."""
    return exact(Fraction(price) * 1_000_000)


def exact(price):
    """Short, exact decimal text."""
    millions = Fraction(price)
    digits = 0
    while (millions * 10**digits).denominator != 1:
        digits += 1
        if digits > 12:
            raise SystemExit(f"{price} is not a short decimal")
    text = f"{int(millions * 10**digits):0{digits + 1}d}"
    return text if digits == 0 else f"{text[:-digits]}.{text[-digits:]}"


def prices(source):
    return {letter: Fraction(source[name]) for letter, name in KINDS.items() if source.get(name) is not None}


def steps(price):
    """(service tier or '', threshold or 0) -> every price that holds there; the base is ('', 0)."""
    base = prices(price)
    result = {("", 0): base}
    for tier in price.get("tiers", []):
        result["", tier["above_input_tokens"]] = base | prices(tier)
    for name, service in price.get("service_tiers", {}).items():
        flat = prices(service)
        own = {tier["above_input_tokens"]: prices(tier) for tier in service.get("tiers", [])}
        for threshold in sorted({step[1] for step in result if step[0] == ""} | set(own)):
            standard = result.get(("", threshold), base)
            # A long prompt under a service tier that says nothing of long prompts: both factors apply, as vendors compute it.
            scaled = {kind: scale(standard.get(kind), base.get(kind), value) for kind, value in flat.items()}
            result[name, threshold] = standard | scaled | own.get(threshold, {})
    for name, factor in price.get("multipliers", {}).items():
        for (service, threshold), values in list(result.items()):
            if service == "":
                result[name, threshold] = {kind: value * Fraction(factor) for kind, value in values.items()}
    return result


def scale(long, base, service):
    return service if not base or long is None else service * long / base


def text(values):
    return ",".join(f"{kind}{per_million(value)}" for kind, value in values.items())


def units(price):
    return "".join(f",{letter}{exact(price[name])}" for letter, name in UNITS.items() if price.get(name) is not None)


def main():
    snapshot, additions = load(sys.argv[1]), load(sys.argv[2])
    models = dict(snapshot["models"])
    for key, correction in additions["corrections"].items():
        models[key] = models[key] | {"price": models[key]["price"] | correction["price"]}
    models |= additions["models"]

    print(f"# Built-in prices of Infermux, as of {additions['as_of']}. Written by build_prices.py; do not edit.")
    print(f"# Source: {snapshot['source']}, sha256 {snapshot['source_sha256']};")
    print("# later models and corrections from the vendors' own pages and trackers. Licence of the source: MIT, see LICENSE-litellm.txt.")
    print("# vendor, model, largest prompt, largest completion, prices; USD per million tokens: i input, o output, r cache read, w cache write,")
    print("# l one-hour cache write, t reasoning, m prompt tokens of images and sound; USD for one: g image, s hour of sound, c million characters, q search;")
    print("# then ;tier>threshold:prices, complete for that service tier and for prompts above the threshold.")
    print(f"@\t{additions['as_of']}")
    rows = {}
    for model in sorted(models.values(), key=lambda model: bool(model.get("region"))):  # a region's own price only where there is no general one
        if model["provider"] not in VENDORS:
            continue
        resolved = steps(model["price"])
        resolved[("", 0)].setdefault("i", Fraction(0))
        resolved[("", 0)].setdefault("o", Fraction(0))
        variants = [f"{tier}>{threshold}:{text(values)}" for (tier, threshold), values in resolved.items() if (tier, threshold) != ("", 0)]
        fields = [model["provider"], model["model"].lower(), model.get("max_input") or "", model.get("max_output") or ""]
        rows.setdefault((fields[0], fields[1]), "\t".join(map(str, fields)) + "\t" + ";".join([text(resolved[("", 0)]) + units(model["price"]), *variants]))
    print("\n".join(sorted(rows.values())))


main()
