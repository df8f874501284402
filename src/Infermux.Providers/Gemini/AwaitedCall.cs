namespace Infermux.Providers.Gemini;

/// <summary>A call of the assistant's whose result has not come yet.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Path">Where the call stands in the request.</param>
/// <param name="Order">Its place among all calls.</param>
internal readonly record struct AwaitedCall(string Name, string Path, int Order);
