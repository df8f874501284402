using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>Compares JSON by what it says.</summary>
internal static class Same
{
    public static void Json(string expected, JsonNode? actual)
    {
        if (!JsonNode.DeepEquals(JsonNode.Parse(expected), actual))
        {
            Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), actual?.ToJsonString());
        }
    }

    public static void Json(string expected, JsonElement actual) => Json(expected, JsonNode.Parse(actual.GetRawText()));
}
