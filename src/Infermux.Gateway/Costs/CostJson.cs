using System.Text.Json.Serialization;

namespace Infermux.Gateway.Costs;

/// <summary>Cost reports in the documented shapes: snake case, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CostTotals))]
[JsonSerializable(typeof(CostsByCaller))]
[JsonSerializable(typeof(CallerCosts))]
[JsonSerializable(typeof(CostsBy))]
[JsonSerializable(typeof(CostTimeseries))]
[JsonSerializable(typeof(MarkedCosts))]
[JsonSerializable(typeof(CostError))]
internal sealed partial class CostJson : JsonSerializerContext;
