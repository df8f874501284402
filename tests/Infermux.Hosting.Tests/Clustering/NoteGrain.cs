using Infermux.Grains.Contracts;

namespace Infermux.Hosting.Tests.Clustering;

[GrainType("infermux.test-note")]
internal sealed class NoteGrain([PersistentState("note", InfermuxStorage.Name)] IPersistentState<NoteState> state) : Grain, INoteGrain
{
    public async Task WriteAsync(string text)
    {
        state.State.Text = text;
        await state.WriteStateAsync();
    }

    public Task<string> ReadAsync() => Task.FromResult(state.State.Text);
}
