using System.Text.Json.Nodes;
using Infermux.Gateway.Tests.Support;

namespace Infermux.Gateway.Tests.Responses;

/// <summary>Reads a stream of Responses as a strict client does.</summary>
internal static class ResponsesEvents
{
    /// <summary>The events, whose names and numbers are checked.</summary>
    public static List<JsonNode> Of(Answer answer)
    {
        var events = answer.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => !e.StartsWith(':')).Select(Read).ToList();
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e["sequence_number"]!.GetValue<int>()));
        return events;
    }

    public static string Type(this JsonNode at) => at["type"]!.GetValue<string>();

    public static string Joined(this IEnumerable<JsonNode> events, string type) =>
        string.Concat(events.Where(e => e.Type() == type).Select(e => e["delta"]!.GetValue<string>()));

    /// <summary>The types with runs of the same one told once.</summary>
    public static IReadOnlyList<string> Order(this IEnumerable<JsonNode> events)
    {
        var order = new List<string>();
        foreach (var type in events.Select(Type))
        {
            if (order is not [.., var last] || last != type)
            {
                order.Add(type);
            }
        }

        return order;
    }

    private static JsonNode Read(string text)
    {
        var lines = text.Split('\n');
        var json = JsonNode.Parse(lines[1]["data: ".Length..])!;
        Assert.Equal("event: " + json.Type(), lines[0]);
        return json;
    }
}
