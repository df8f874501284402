namespace Infermux.Hosting.Tests.Clustering;

/// <summary>The smallest grain with state.</summary>
[GrainInterfaceType("infermux.test-note")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string text);

    [Alias("read")]
    Task<string> ReadAsync();
}
