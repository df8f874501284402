namespace Infermux.Hosting.Tests.Clustering;

[GenerateSerializer, Alias("infermux.test-note-state.v1")]
internal sealed class NoteState
{
    [Id(0)]
    public string Text { get; set; } = "";
}
