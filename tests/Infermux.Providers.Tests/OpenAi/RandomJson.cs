using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;

namespace Infermux.Providers.Tests.OpenAi;

/// <summary>JSON texts with odd spacing and escapes, and requests made of them.</summary>
internal static class RandomJson
{
    private static readonly Gen<string> Text = Gen.OneOf("", "a", "hello world", "ü€😀", "\"quoted\\\"", "line\nbreak\t", "data:x", "{\"model\":\"x\"}", "model", "stream")
        .Array[0, 3].Select(string.Concat);

    public static readonly Gen<string> String = Gen.Select(Text, Gen.Bool, (text, plain) =>
        JsonSerializer.Serialize(text, plain ? Relaxed : JsonSerializerOptions.Default));

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Gen<string> Space = Gen.OneOf("", "", "", " ", "\n", "\t ", "\r\n");

    private static readonly Gen<string> Scalar = Gen.OneOf(
        String, Gen.Int.Select(i => i.ToString(CultureInfo.InvariantCulture)), Gen.OneOf("true", "false", "null", "0.5", "-1e3", "1E-2"));

    public static readonly Gen<string> Value = Gen.Recursive<string>((depth, self) => depth > 3
        ? Scalar
        : Gen.OneOf(Scalar, List(self), Object(Gen.Select(String, self).Array[0, 4].Select(Distinct))));

    public static Gen<string> List(Gen<string> item) => Gen.Select(item.Array[0, 4], Space, (items, space) => $"[{space}{string.Join("," + space, items)}{space}]");

    /// <summary>An object of members (key JSON, value JSON), spaced at random.</summary>
    public static Gen<string> Object(Gen<(string Key, string Value)[]> members) => Gen.Select(members, Space, Space, (m, a, b) =>
    {
        var text = new StringBuilder(a).Append('{').Append(b);
        for (var i = 0; i < m.Length; i++)
        {
            text.Append(i == 0 ? "" : a + ",").Append(b).Append(m[i].Key).Append(b).Append(':').Append(a).Append(m[i].Value).Append(a);
        }

        return text.Append('}').Append(b).ToString();
    });

    /// <summary>A legal chat request with fields in any order, among unknown ones.</summary>
    public static readonly Gen<string> ChatRequest = Object(Gen.Select(
        Gen.OneOf("\"gpt-4o\"", "\"a\\u002fb:c\"", "\"m\\\"q\\\\\"", "\"模型\""),
        Gen.OneOf("true", "false", "null", ""),
        Gen.OneOf("", "null", "{}", "{\"include_usage\":true}", "{ \"include_usage\" : false , \"include_obfuscation\":false}", "{\"include_obfuscation\":true,\"x\":[1,{}]}"),
        Gen.OneOf("", "\"max_tokens\":null", "\"max_tokens\":7", "\"max_completion_tokens\":90", "\"max_tok\\u0065ns\": 12", "\"max_tokens\":null,\"max_completion_tokens\":50"),
        Gen.OneOf("", "1", "128", "null"),
        Value.Array[0, 3],
        Gen.Int,
        Members));

    private static (string Key, string Value)[] Members(string model, string stream, string options, string cap, string n, string[] others, int seed)
    {
        var members = new List<(string, string)> { ("\"model\"", model), ("\"messages\"", "[{\"role\":\"user\",\"content\":\"hi\"}]") };
        Add(members, "\"stream\"", stream);
        Add(members, "\"stream_options\"", options);
        Add(members, "\"n\"", n);
        foreach (var part in cap.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf(':', StringComparison.Ordinal);
            members.Add((part[..at], part[(at + 1)..]));
        }

        members.AddRange(others.Select((value, i) => ($"\"other{i}\"", value)));
        var shuffled = members.ToArray();
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }

    private static (string Key, string Value)[] Distinct((string Key, string Value)[] members) =>
        [.. members.DistinctBy(m => JsonSerializer.Deserialize<string>(m.Key), StringComparer.Ordinal)];

    private static void Add(List<(string, string)> members, string key, string value)
    {
        if (value.Length > 0)
        {
            members.Add((key, value));
        }
    }
}
