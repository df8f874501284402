return await Infermux.Testing.CommandLine.RunAsync(args);
