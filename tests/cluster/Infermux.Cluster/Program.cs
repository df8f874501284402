return await Infermux.Cluster.Hand.HandCommand.RunAsync(args);
