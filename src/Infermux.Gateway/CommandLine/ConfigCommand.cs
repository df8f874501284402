using System.CommandLine;
using Infermux.Hosting.Configuration.Reference;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux config</c>: what a file may say, for editors and for people.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var schema = new Command("schema", "Prints the JSON schema of infermux.yml.");
        schema.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ConfigurationSchema.Write()));
        var docs = new Command("docs", "Prints the reference page of infermux.yml (Markdown).");
        docs.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ConfigurationReference.Write()));
        return new Command("config", "Prints what infermux.yml may say.") { schema, docs };
    }
}
