namespace Infermux.Providers.Metered;

/// <summary>One part of a form.</summary>
/// <param name="Name">Its field's name.</param>
/// <param name="IsFile">Whether it names a file.</param>
/// <param name="Content">Where its content lies in the body.</param>
internal readonly record struct FormPart(string Name, bool IsFile, ByteRange Content);
