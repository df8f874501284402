using System.Text.Json.Serialization;

namespace Infermux.Gateway.Money.Capped;

/// <summary>The lines of the file as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CappedRecord))]
internal sealed partial class CappedJson : JsonSerializerContext;
