using Infermux.Core.Failures;
using Infermux.Core.Pricing;

namespace Infermux.Providers.Tests.OpenAi;

/// <summary>What came of one stream.</summary>
internal sealed record StreamRun(string Text, StreamProgress Progress, FailureClass? Failure, string? Message, TokenUsage? Usage, long Characters);
