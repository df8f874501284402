using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Infermux.Benchmarks.Pair).Assembly).Run(args);
