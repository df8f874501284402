namespace Infermux.Grains.Contracts.Providers;

/// <summary>The owner has booked a report.</summary>
/// <param name="Incarnation">Its incarnation: one that the gateway has not told of its last minute yet needs to hear of it.</param>
[GenerateSerializer, Immutable, Alias("infermux.report-receipt.v1")]
public sealed record ReportReceipt([property: Id(0)] long Incarnation);
