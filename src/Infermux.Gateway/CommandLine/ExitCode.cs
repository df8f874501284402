namespace Infermux.Gateway.CommandLine;

/// <summary>Exit codes. Each verb's own meaning stands where it is used; the original gave the same number different meanings.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>serve: the configuration did not load, the process had to stop itself, or any other failure. validate: file not found. status: a circuit is open.</summary>
    public const int Failed = 1;

    /// <summary>validate: malformed YAML. Others: the server cannot be reached.</summary>
    public const int Unreachable = 2;

    public const int Malformed = 2;

    /// <summary>validate: a semantic error.</summary>
    public const int Invalid = 3;

    /// <summary>serve: the listener could not be opened.</summary>
    public const int ListenerRefused = 3;

    /// <summary>Ended by SIGINT.</summary>
    public const int Interrupted = 130;
}
