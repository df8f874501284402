using System.Text.Json;
using System.Text.Json.Serialization;

namespace Infermux.Gateway.Management;

/// <summary>Snake case, nulls left out.</summary>
internal static class ManagementJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>An error answer: the envelope, and its code in <c>X-Infermux-Error</c>.</summary>
    public static IResult Problem(int status, string code, string message) => new ManagementProblem(status, code, message);

    public static IResult Of<T>(T value, int status = StatusCodes.Status200OK) => Results.Json(value, Options, statusCode: status);
}
