using System.Text.Json.Serialization;

namespace Infermux.Hosting.State;

/// <summary>The lines of a state file as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(StateHeader))]
[JsonSerializable(typeof(StateEntry))]
[JsonSerializable(typeof(StateFooter))]
internal sealed partial class StateJson : JsonSerializerContext;
