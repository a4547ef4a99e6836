"""Writes canonical-json-vectors.json: what Python makes of JSON texts. Run it with Python 3."""

import json
import random
from pathlib import Path

FIXED = [
    '{"b":1,"a":2}',
    ' { "a" : [ 1 , 2 , { } , [ ] ] , "b" : { "c" : null , "d" : true , "e" : false } } ',
    '{"a":"accents é ü ñ","b":"日本語 中文 한국어","c":"emoji 😀 👩‍👩‍👧","d":"\\u00e9 \\ud83d\\ude00"}',
    '{"é":1,"日":2,"😀":3,"\\uffff":4,"Z":5,"a":6,"":7}',
    '{"10":1,"9":2,"1":3,"01":4,"-1":5}',
    '{"__proto__":{"a":1},"constructor":null,"toString":[],"hasOwnProperty":0}',
    '{"a":1,"b":{"c":1,"c":2},"a":3}',
    "[1.0,-1.0,100.0,0.0,-0.0,1e2,1E2,1.5e3,12e-1,1e21,1e22,1.7976931348623157e308]",
    "[0,-0,9007199254740991,9007199254740992,9007199254740993,123456789012345678901234567890]",
    "[9007199254740993.0,1e16,123456789012345680000.0]",
    "[0.1,0.5,-0.25,123.456,0.30000000000000004,99999999999999.9,4503599627370495.5]",
    "[0.001,0.0001,0.00012,0.00001,0.000012,1e-5,1e-6,1e-7,-1e-7,1.5e-10,5e-324,2.5e-100]",
    '{"a":[{"x":1.0,"y":[0.1,[1e-7]]},{"z":{"w":1e21}}]}',
    '{"a":"\\u0000\\u001f\\u007f\\u0080\\"\\\\\\/\\b\\f\\n\\r\\t\\u2028\\u2029"}',
    '{"a":"}{][,:\\"","b":":"}',
    '""',
    "null",
    "1e400",
]


def whole(value):
    """Whole floats as integers, as X-Signature-V2 wants them."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: whole(member) for key, member in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return value


def text():
    ranges = [(0, 0x7F), (0x80, 0x7FF), (0x3000, 0x9FFF), (0x1F300, 0x1F6FF)]
    letters = (chr(random.randint(*random.choice(ranges))) for _ in range(random.randint(0, 6)))
    return json.dumps("".join(letters), ensure_ascii=random.random() < 0.5)


def number():
    return random.choice(
        [
            str(random.randint(-(10**20), 10**20)),
            repr(random.uniform(-1, 1) * 10 ** random.randint(-12, 12)),
            f"{random.randint(-99, 99)}e{random.randint(-9, 22)}",
            f"{random.randint(-999, 999)}.0",
        ]
    )


def anything(depth=0):
    kind = random.random()
    if depth < 4 and kind < 0.3:
        members = (f"{text()}:{anything(depth + 1)}" for _ in range(random.randint(0, 4)))
        return "{" + ", ".join(members) + "}"
    if depth < 4 and kind < 0.5:
        return "[" + ",".join(anything(depth + 1) for _ in range(random.randint(0, 4))) + "]"
    if kind < 0.65:
        return text()
    return number() if kind < 0.9 else random.choice(["true", "false", "null"])


def vector(source):
    value = whole(json.loads(source))
    dump = {"sort_keys": True, "separators": (",", ":")}
    return {
        "text": source,
        "unicode": json.dumps(value, ensure_ascii=False, **dump),
        "ascii": json.dumps(value, **dump),
    }


random.seed(1)
sources = FIXED + ["{" + f'"a":{anything()},"b":{anything()}' + "}" for _ in range(60)]
path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps([vector(source) for source in sources], indent=2) + "\n", encoding="utf-8")
