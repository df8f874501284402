using System.Text.Json.Nodes;

namespace Infermux.Manifests;

/// <summary>An object of a kind that Kubernetes itself does not know.</summary>
/// <param name="ApiVersion">Group and version.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name.</param>
/// <param name="Spec">What it says.</param>
public sealed record CustomObject(string ApiVersion, string Kind, string Name, JsonNode Spec);
