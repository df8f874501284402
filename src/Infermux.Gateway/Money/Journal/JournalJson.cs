using System.Text.Json.Serialization;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money.Journal;

/// <summary>
/// How a settlement is written: JSON by property name, so that a newer or older version of this program reads it and a person can too. Decimals and moments
/// are exact. Everything is written, zeros too: a required member that is left out cannot be read back, and one with an initializer comes back as its type's
/// default. A member added later must therefore mean "as before" when it is zero, empty or null.
/// </summary>
[JsonSerializable(typeof(Settlement))]
internal sealed partial class JournalJson : JsonSerializerContext;
