namespace Infermux.Core.Routing;

/// <summary>How much output a request will probably have: what costs are compared by and token ceilings are reserved by. Money is held by <see cref="HoldAmount"/>.</summary>
public static class ExpectedCompletion
{
    /// <summary>Tokens of one choice where neither the caller nor history says anything.</summary>
    public const long Default = 256;

    // Enough for any comparison, and no overflow on the way.
    private const long Most = 1_000_000_000;

    /// <summary>All choices together: the caller's cap, else the running mean, else <see cref="Default"/>; 0 for everything that is not text made from text.</summary>
    public static long Of(RoutedOperation operation, long? maxTokens, int choices, double? mean) => operation is not (RoutedOperation.Chat or RoutedOperation.Completion)
        ? 0
        : Math.Clamp(maxTokens ?? (long)Math.Ceiling(mean ?? Default), 0, Most) * Math.Max(1, choices);
}
