namespace Infermux.Gateway.Money.Journal;

/// <summary>Where a settlement lies in the journal.</summary>
/// <param name="Segment">Its segment; null where it could not be written, or nothing is journaled.</param>
/// <param name="Bytes">What it takes there.</param>
internal readonly record struct JournalPlace(JournalSegment? Segment, int Bytes);
