// @ts-nocheck
// Made by proto/wire/generate.sh from proto/wire/*.proto. Do not edit.
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const metapb = $root.metapb = (() => {

    const metapb = {};

    metapb.StoreState = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "Up"] = 0;
        values[valuesById[1] = "Offline"] = 1;
        values[valuesById[2] = "Tombstone"] = 2;
        return values;
    })();

    metapb.NodeState = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "Preparing"] = 0;
        values[valuesById[1] = "Serving"] = 1;
        values[valuesById[2] = "Removing"] = 2;
        values[valuesById[3] = "Removed"] = 3;
        return values;
    })();

    metapb.PeerRole = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "Voter"] = 0;
        values[valuesById[1] = "Learner"] = 1;
        values[valuesById[2] = "IncomingVoter"] = 2;
        values[valuesById[3] = "DemotingVoter"] = 3;
        return values;
    })();

    metapb.StoreLabel = (function() {

        const StoreLabel = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StoreLabel.prototype.key = "";
        StoreLabel.prototype.value = "";

        StoreLabel.create = function(properties) {
            return new StoreLabel(properties);
        };

        StoreLabel.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key !== "")
                writer.uint32(10).string(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                writer.uint32(18).string(message.value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StoreLabel.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.metapb.StoreLabel();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return StoreLabel;
    })();

    metapb.Store = (function() {

        const Store = function (properties) {
            this.labels = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Store.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Store.prototype.address = "";
        Store.prototype.state = 0;
        Store.prototype.labels = $util.emptyArray;
        Store.prototype.version = "";
        Store.prototype.peer_address = "";
        Store.prototype.status_address = "";
        Store.prototype.git_hash = "";
        Store.prototype.start_timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        Store.prototype.deploy_path = "";
        Store.prototype.last_heartbeat = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        Store.prototype.physically_destroyed = false;
        Store.prototype.node_state = 0;

        Store.create = function(properties) {
            return new Store(properties);
        };

        Store.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                writer.uint32(8).uint64(message.id);
            if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                writer.uint32(18).string(message.address);
            if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== 0)
                writer.uint32(24).int32(message.state);
            if (message.labels != null && message.labels.length)
                for (let i = 0; i < message.labels.length; ++i)
                    $root.metapb.StoreLabel.encode(message.labels[i], writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                writer.uint32(42).string(message.version);
            if (message.peer_address != null && $Object.hasOwnProperty.call(message, "peer_address") && message.peer_address !== "")
                writer.uint32(50).string(message.peer_address);
            if (message.status_address != null && $Object.hasOwnProperty.call(message, "status_address") && message.status_address !== "")
                writer.uint32(58).string(message.status_address);
            if (message.git_hash != null && $Object.hasOwnProperty.call(message, "git_hash") && message.git_hash !== "")
                writer.uint32(66).string(message.git_hash);
            if (message.start_timestamp != null && $Object.hasOwnProperty.call(message, "start_timestamp") && (typeof message.start_timestamp === "object" ? message.start_timestamp.low || message.start_timestamp.high : message.start_timestamp !== 0))
                writer.uint32(72).int64(message.start_timestamp);
            if (message.deploy_path != null && $Object.hasOwnProperty.call(message, "deploy_path") && message.deploy_path !== "")
                writer.uint32(82).string(message.deploy_path);
            if (message.last_heartbeat != null && $Object.hasOwnProperty.call(message, "last_heartbeat") && (typeof message.last_heartbeat === "object" ? message.last_heartbeat.low || message.last_heartbeat.high : message.last_heartbeat !== 0))
                writer.uint32(88).int64(message.last_heartbeat);
            if (message.physically_destroyed != null && $Object.hasOwnProperty.call(message, "physically_destroyed") && message.physically_destroyed !== false)
                writer.uint32(96).bool(message.physically_destroyed);
            if (message.node_state != null && $Object.hasOwnProperty.call(message, "node_state") && message.node_state !== 0)
                writer.uint32(104).int32(message.node_state);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Store.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.metapb.Store();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.address = value;
                        else
                            delete message.address;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.state = value;
                        else
                            delete message.state;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.labels && message.labels.length))
                            message.labels = [];
                        message.labels.push($root.metapb.StoreLabel.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.peer_address = value;
                        else
                            delete message.peer_address;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.status_address = value;
                        else
                            delete message.status_address;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.git_hash = value;
                        else
                            delete message.git_hash;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.start_timestamp = value;
                        else
                            delete message.start_timestamp;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.deploy_path = value;
                        else
                            delete message.deploy_path;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.last_heartbeat = value;
                        else
                            delete message.last_heartbeat;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.physically_destroyed = value;
                        else
                            delete message.physically_destroyed;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.node_state = value;
                        else
                            delete message.node_state;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Store;
    })();

    metapb.RegionEpoch = (function() {

        const RegionEpoch = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RegionEpoch.prototype.conf_ver = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionEpoch.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RegionEpoch.create = function(properties) {
            return new RegionEpoch(properties);
        };

        RegionEpoch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.conf_ver != null && $Object.hasOwnProperty.call(message, "conf_ver") && (typeof message.conf_ver === "object" ? message.conf_ver.low || message.conf_ver.high : message.conf_ver !== 0))
                writer.uint32(8).uint64(message.conf_ver);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                writer.uint32(16).uint64(message.version);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RegionEpoch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.metapb.RegionEpoch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.conf_ver = value;
                        else
                            delete message.conf_ver;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RegionEpoch;
    })();

    metapb.Peer = (function() {

        const Peer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Peer.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Peer.prototype.store_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Peer.prototype.role = 0;
        Peer.prototype.is_witness = false;

        Peer.create = function(properties) {
            return new Peer(properties);
        };

        Peer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                writer.uint32(8).uint64(message.id);
            if (message.store_id != null && $Object.hasOwnProperty.call(message, "store_id") && (typeof message.store_id === "object" ? message.store_id.low || message.store_id.high : message.store_id !== 0))
                writer.uint32(16).uint64(message.store_id);
            if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== 0)
                writer.uint32(24).int32(message.role);
            if (message.is_witness != null && $Object.hasOwnProperty.call(message, "is_witness") && message.is_witness !== false)
                writer.uint32(32).bool(message.is_witness);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Peer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.metapb.Peer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.store_id = value;
                        else
                            delete message.store_id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.role = value;
                        else
                            delete message.role;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.is_witness = value;
                        else
                            delete message.is_witness;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Peer;
    })();

    metapb.Region = (function() {

        const Region = function (properties) {
            this.peers = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Region.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Region.prototype.start_key = $util.newBuffer([]);
        Region.prototype.end_key = $util.newBuffer([]);
        Region.prototype.region_epoch = null;
        Region.prototype.peers = $util.emptyArray;

        Region.create = function(properties) {
            return new Region(properties);
        };

        Region.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                writer.uint32(8).uint64(message.id);
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(18).bytes(message.start_key);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(26).bytes(message.end_key);
            if (message.region_epoch != null && $Object.hasOwnProperty.call(message, "region_epoch"))
                $root.metapb.RegionEpoch.encode(message.region_epoch, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.peers != null && message.peers.length)
                for (let i = 0; i < message.peers.length; ++i)
                    $root.metapb.Peer.encode(message.peers[i], writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Region.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.metapb.Region();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start_key = value;
                        else
                            delete message.start_key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end_key = value;
                        else
                            delete message.end_key;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.region_epoch = $root.metapb.RegionEpoch.decode(reader, reader.size(), $undefined, _depth + 1, message.region_epoch);
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.peers && message.peers.length))
                            message.peers = [];
                        message.peers.push($root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Region;
    })();

    return metapb;
})();

export const errorpb = $root.errorpb = (() => {

    const errorpb = {};

    errorpb.NotLeader = (function() {

        const NotLeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        NotLeader.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        NotLeader.prototype.leader = null;

        NotLeader.create = function(properties) {
            return new NotLeader(properties);
        };

        NotLeader.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(8).uint64(message.region_id);
            if (message.leader != null && $Object.hasOwnProperty.call(message, "leader"))
                $root.metapb.Peer.encode(message.leader, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        NotLeader.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.NotLeader();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.region_id = value;
                        else
                            delete message.region_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.leader = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.leader);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return NotLeader;
    })();

    errorpb.RegionNotFound = (function() {

        const RegionNotFound = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RegionNotFound.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RegionNotFound.create = function(properties) {
            return new RegionNotFound(properties);
        };

        RegionNotFound.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(8).uint64(message.region_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RegionNotFound.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.RegionNotFound();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.region_id = value;
                        else
                            delete message.region_id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RegionNotFound;
    })();

    errorpb.KeyNotInRegion = (function() {

        const KeyNotInRegion = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyNotInRegion.prototype.key = $util.newBuffer([]);
        KeyNotInRegion.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        KeyNotInRegion.prototype.start_key = $util.newBuffer([]);
        KeyNotInRegion.prototype.end_key = $util.newBuffer([]);

        KeyNotInRegion.create = function(properties) {
            return new KeyNotInRegion(properties);
        };

        KeyNotInRegion.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(10).bytes(message.key);
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(16).uint64(message.region_id);
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(26).bytes(message.start_key);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(34).bytes(message.end_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyNotInRegion.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.KeyNotInRegion();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.region_id = value;
                        else
                            delete message.region_id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start_key = value;
                        else
                            delete message.start_key;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end_key = value;
                        else
                            delete message.end_key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return KeyNotInRegion;
    })();

    errorpb.EpochNotMatch = (function() {

        const EpochNotMatch = function (properties) {
            this.current_regions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        EpochNotMatch.prototype.current_regions = $util.emptyArray;

        EpochNotMatch.create = function(properties) {
            return new EpochNotMatch(properties);
        };

        EpochNotMatch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.current_regions != null && message.current_regions.length)
                for (let i = 0; i < message.current_regions.length; ++i)
                    $root.metapb.Region.encode(message.current_regions[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        EpochNotMatch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.EpochNotMatch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.current_regions && message.current_regions.length))
                            message.current_regions = [];
                        message.current_regions.push($root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return EpochNotMatch;
    })();

    errorpb.ServerIsBusy = (function() {

        const ServerIsBusy = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ServerIsBusy.prototype.reason = "";
        ServerIsBusy.prototype.backoff_ms = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ServerIsBusy.prototype.estimated_wait_ms = 0;

        ServerIsBusy.create = function(properties) {
            return new ServerIsBusy(properties);
        };

        ServerIsBusy.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                writer.uint32(10).string(message.reason);
            if (message.backoff_ms != null && $Object.hasOwnProperty.call(message, "backoff_ms") && (typeof message.backoff_ms === "object" ? message.backoff_ms.low || message.backoff_ms.high : message.backoff_ms !== 0))
                writer.uint32(16).uint64(message.backoff_ms);
            if (message.estimated_wait_ms != null && $Object.hasOwnProperty.call(message, "estimated_wait_ms") && message.estimated_wait_ms !== 0)
                writer.uint32(24).uint32(message.estimated_wait_ms);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ServerIsBusy.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.ServerIsBusy();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.reason = value;
                        else
                            delete message.reason;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.backoff_ms = value;
                        else
                            delete message.backoff_ms;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.estimated_wait_ms = value;
                        else
                            delete message.estimated_wait_ms;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ServerIsBusy;
    })();

    errorpb.StaleCommand = (function() {

        const StaleCommand = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StaleCommand.create = function(properties) {
            return new StaleCommand(properties);
        };

        StaleCommand.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StaleCommand.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.StaleCommand();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return StaleCommand;
    })();

    errorpb.StoreNotMatch = (function() {

        const StoreNotMatch = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StoreNotMatch.prototype.request_store_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreNotMatch.prototype.actual_store_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        StoreNotMatch.create = function(properties) {
            return new StoreNotMatch(properties);
        };

        StoreNotMatch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.request_store_id != null && $Object.hasOwnProperty.call(message, "request_store_id") && (typeof message.request_store_id === "object" ? message.request_store_id.low || message.request_store_id.high : message.request_store_id !== 0))
                writer.uint32(8).uint64(message.request_store_id);
            if (message.actual_store_id != null && $Object.hasOwnProperty.call(message, "actual_store_id") && (typeof message.actual_store_id === "object" ? message.actual_store_id.low || message.actual_store_id.high : message.actual_store_id !== 0))
                writer.uint32(16).uint64(message.actual_store_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StoreNotMatch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.StoreNotMatch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.request_store_id = value;
                        else
                            delete message.request_store_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.actual_store_id = value;
                        else
                            delete message.actual_store_id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return StoreNotMatch;
    })();

    errorpb.RaftEntryTooLarge = (function() {

        const RaftEntryTooLarge = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RaftEntryTooLarge.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RaftEntryTooLarge.prototype.entry_size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RaftEntryTooLarge.create = function(properties) {
            return new RaftEntryTooLarge(properties);
        };

        RaftEntryTooLarge.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(8).uint64(message.region_id);
            if (message.entry_size != null && $Object.hasOwnProperty.call(message, "entry_size") && (typeof message.entry_size === "object" ? message.entry_size.low || message.entry_size.high : message.entry_size !== 0))
                writer.uint32(16).uint64(message.entry_size);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RaftEntryTooLarge.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.RaftEntryTooLarge();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.region_id = value;
                        else
                            delete message.region_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.entry_size = value;
                        else
                            delete message.entry_size;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RaftEntryTooLarge;
    })();

    errorpb.DiskFull = (function() {

        const DiskFull = function (properties) {
            this.store_id = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        DiskFull.prototype.store_id = $util.emptyArray;
        DiskFull.prototype.reason = "";

        DiskFull.create = function(properties) {
            return new DiskFull(properties);
        };

        DiskFull.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.store_id != null && message.store_id.length)
                writer.uint32(10).uint64s(message.store_id);
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                writer.uint32(18).string(message.reason);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        DiskFull.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.DiskFull();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType === 2) {
                            if (!(message.store_id && message.store_id.length))
                                message.store_id = [];
                            reader.uint64s(message.store_id);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.store_id && message.store_id.length))
                            message.store_id = [];
                        message.store_id.push(reader.uint64());
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.reason = value;
                        else
                            delete message.reason;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DiskFull;
    })();

    errorpb.MismatchPeerId = (function() {

        const MismatchPeerId = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MismatchPeerId.prototype.request_peer_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MismatchPeerId.prototype.store_peer_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        MismatchPeerId.create = function(properties) {
            return new MismatchPeerId(properties);
        };

        MismatchPeerId.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.request_peer_id != null && $Object.hasOwnProperty.call(message, "request_peer_id") && (typeof message.request_peer_id === "object" ? message.request_peer_id.low || message.request_peer_id.high : message.request_peer_id !== 0))
                writer.uint32(8).uint64(message.request_peer_id);
            if (message.store_peer_id != null && $Object.hasOwnProperty.call(message, "store_peer_id") && (typeof message.store_peer_id === "object" ? message.store_peer_id.low || message.store_peer_id.high : message.store_peer_id !== 0))
                writer.uint32(16).uint64(message.store_peer_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MismatchPeerId.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.MismatchPeerId();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.request_peer_id = value;
                        else
                            delete message.request_peer_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.store_peer_id = value;
                        else
                            delete message.store_peer_id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MismatchPeerId;
    })();

    errorpb.Error = (function() {

        const Error = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Error.prototype.message = "";
        Error.prototype.not_leader = null;
        Error.prototype.region_not_found = null;
        Error.prototype.key_not_in_region = null;
        Error.prototype.epoch_not_match = null;
        Error.prototype.server_is_busy = null;
        Error.prototype.stale_command = null;
        Error.prototype.store_not_match = null;
        Error.prototype.raft_entry_too_large = null;
        Error.prototype.disk_full = null;
        Error.prototype.mismatch_peer_id = null;

        Error.create = function(properties) {
            return new Error(properties);
        };

        Error.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                writer.uint32(10).string(message.message);
            if (message.not_leader != null && $Object.hasOwnProperty.call(message, "not_leader"))
                $root.errorpb.NotLeader.encode(message.not_leader, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.region_not_found != null && $Object.hasOwnProperty.call(message, "region_not_found"))
                $root.errorpb.RegionNotFound.encode(message.region_not_found, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.key_not_in_region != null && $Object.hasOwnProperty.call(message, "key_not_in_region"))
                $root.errorpb.KeyNotInRegion.encode(message.key_not_in_region, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.epoch_not_match != null && $Object.hasOwnProperty.call(message, "epoch_not_match"))
                $root.errorpb.EpochNotMatch.encode(message.epoch_not_match, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.server_is_busy != null && $Object.hasOwnProperty.call(message, "server_is_busy"))
                $root.errorpb.ServerIsBusy.encode(message.server_is_busy, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.stale_command != null && $Object.hasOwnProperty.call(message, "stale_command"))
                $root.errorpb.StaleCommand.encode(message.stale_command, writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.store_not_match != null && $Object.hasOwnProperty.call(message, "store_not_match"))
                $root.errorpb.StoreNotMatch.encode(message.store_not_match, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.raft_entry_too_large != null && $Object.hasOwnProperty.call(message, "raft_entry_too_large"))
                $root.errorpb.RaftEntryTooLarge.encode(message.raft_entry_too_large, writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.disk_full != null && $Object.hasOwnProperty.call(message, "disk_full"))
                $root.errorpb.DiskFull.encode(message.disk_full, writer.uint32(122).fork(), _depth + 1).ldelim();
            if (message.mismatch_peer_id != null && $Object.hasOwnProperty.call(message, "mismatch_peer_id"))
                $root.errorpb.MismatchPeerId.encode(message.mismatch_peer_id, writer.uint32(162).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Error.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.errorpb.Error();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.not_leader = $root.errorpb.NotLeader.decode(reader, reader.size(), $undefined, _depth + 1, message.not_leader);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.region_not_found = $root.errorpb.RegionNotFound.decode(reader, reader.size(), $undefined, _depth + 1, message.region_not_found);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.key_not_in_region = $root.errorpb.KeyNotInRegion.decode(reader, reader.size(), $undefined, _depth + 1, message.key_not_in_region);
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.epoch_not_match = $root.errorpb.EpochNotMatch.decode(reader, reader.size(), $undefined, _depth + 1, message.epoch_not_match);
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.server_is_busy = $root.errorpb.ServerIsBusy.decode(reader, reader.size(), $undefined, _depth + 1, message.server_is_busy);
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.stale_command = $root.errorpb.StaleCommand.decode(reader, reader.size(), $undefined, _depth + 1, message.stale_command);
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.store_not_match = $root.errorpb.StoreNotMatch.decode(reader, reader.size(), $undefined, _depth + 1, message.store_not_match);
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.raft_entry_too_large = $root.errorpb.RaftEntryTooLarge.decode(reader, reader.size(), $undefined, _depth + 1, message.raft_entry_too_large);
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        message.disk_full = $root.errorpb.DiskFull.decode(reader, reader.size(), $undefined, _depth + 1, message.disk_full);
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        message.mismatch_peer_id = $root.errorpb.MismatchPeerId.decode(reader, reader.size(), $undefined, _depth + 1, message.mismatch_peer_id);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Error;
    })();

    return errorpb;
})();

export const eraftpb = $root.eraftpb = (() => {

    const eraftpb = {};

    eraftpb.EntryType = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "EntryNormal"] = 0;
        values[valuesById[1] = "EntryConfChange"] = 1;
        values[valuesById[2] = "EntryConfChangeV2"] = 2;
        return values;
    })();

    eraftpb.Entry = (function() {

        const Entry = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Entry.prototype.entry_type = 0;
        Entry.prototype.term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Entry.prototype.index = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Entry.prototype.data = $util.newBuffer([]);
        Entry.prototype.context = $util.newBuffer([]);

        Entry.create = function(properties) {
            return new Entry(properties);
        };

        Entry.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.entry_type != null && $Object.hasOwnProperty.call(message, "entry_type") && message.entry_type !== 0)
                writer.uint32(8).int32(message.entry_type);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && (typeof message.term === "object" ? message.term.low || message.term.high : message.term !== 0))
                writer.uint32(16).uint64(message.term);
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && (typeof message.index === "object" ? message.index.low || message.index.high : message.index !== 0))
                writer.uint32(24).uint64(message.index);
            if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                writer.uint32(34).bytes(message.data);
            if (message.context != null && $Object.hasOwnProperty.call(message, "context") && message.context.length)
                writer.uint32(50).bytes(message.context);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Entry.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.eraftpb.Entry();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.entry_type = value;
                        else
                            delete message.entry_type;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.data = value;
                        else
                            delete message.data;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.context = value;
                        else
                            delete message.context;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Entry;
    })();

    eraftpb.ConfState = (function() {

        const ConfState = function (properties) {
            this.voters = [];
            this.learners = [];
            this.voters_outgoing = [];
            this.learners_next = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ConfState.prototype.voters = $util.emptyArray;
        ConfState.prototype.learners = $util.emptyArray;
        ConfState.prototype.voters_outgoing = $util.emptyArray;
        ConfState.prototype.learners_next = $util.emptyArray;
        ConfState.prototype.auto_leave = false;

        ConfState.create = function(properties) {
            return new ConfState(properties);
        };

        ConfState.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.voters != null && message.voters.length)
                writer.uint32(10).uint64s(message.voters);
            if (message.learners != null && message.learners.length)
                writer.uint32(18).uint64s(message.learners);
            if (message.voters_outgoing != null && message.voters_outgoing.length)
                writer.uint32(26).uint64s(message.voters_outgoing);
            if (message.learners_next != null && message.learners_next.length)
                writer.uint32(34).uint64s(message.learners_next);
            if (message.auto_leave != null && $Object.hasOwnProperty.call(message, "auto_leave") && message.auto_leave !== false)
                writer.uint32(40).bool(message.auto_leave);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ConfState.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.eraftpb.ConfState();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType === 2) {
                            if (!(message.voters && message.voters.length))
                                message.voters = [];
                            reader.uint64s(message.voters);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.voters && message.voters.length))
                            message.voters = [];
                        message.voters.push(reader.uint64());
                        continue;
                    }
                case 2: {
                        if (wireType === 2) {
                            if (!(message.learners && message.learners.length))
                                message.learners = [];
                            reader.uint64s(message.learners);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.learners && message.learners.length))
                            message.learners = [];
                        message.learners.push(reader.uint64());
                        continue;
                    }
                case 3: {
                        if (wireType === 2) {
                            if (!(message.voters_outgoing && message.voters_outgoing.length))
                                message.voters_outgoing = [];
                            reader.uint64s(message.voters_outgoing);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.voters_outgoing && message.voters_outgoing.length))
                            message.voters_outgoing = [];
                        message.voters_outgoing.push(reader.uint64());
                        continue;
                    }
                case 4: {
                        if (wireType === 2) {
                            if (!(message.learners_next && message.learners_next.length))
                                message.learners_next = [];
                            reader.uint64s(message.learners_next);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.learners_next && message.learners_next.length))
                            message.learners_next = [];
                        message.learners_next.push(reader.uint64());
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.auto_leave = value;
                        else
                            delete message.auto_leave;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ConfState;
    })();

    eraftpb.SnapshotMetadata = (function() {

        const SnapshotMetadata = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SnapshotMetadata.prototype.conf_state = null;
        SnapshotMetadata.prototype.index = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SnapshotMetadata.prototype.term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        SnapshotMetadata.create = function(properties) {
            return new SnapshotMetadata(properties);
        };

        SnapshotMetadata.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.conf_state != null && $Object.hasOwnProperty.call(message, "conf_state"))
                $root.eraftpb.ConfState.encode(message.conf_state, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && (typeof message.index === "object" ? message.index.low || message.index.high : message.index !== 0))
                writer.uint32(16).uint64(message.index);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && (typeof message.term === "object" ? message.term.low || message.term.high : message.term !== 0))
                writer.uint32(24).uint64(message.term);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SnapshotMetadata.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.eraftpb.SnapshotMetadata();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.conf_state = $root.eraftpb.ConfState.decode(reader, reader.size(), $undefined, _depth + 1, message.conf_state);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SnapshotMetadata;
    })();

    eraftpb.Snapshot = (function() {

        const Snapshot = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Snapshot.prototype.data = $util.newBuffer([]);
        Snapshot.prototype.metadata = null;

        Snapshot.create = function(properties) {
            return new Snapshot(properties);
        };

        Snapshot.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                writer.uint32(10).bytes(message.data);
            if (message.metadata != null && $Object.hasOwnProperty.call(message, "metadata"))
                $root.eraftpb.SnapshotMetadata.encode(message.metadata, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Snapshot.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.eraftpb.Snapshot();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.data = value;
                        else
                            delete message.data;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.metadata = $root.eraftpb.SnapshotMetadata.decode(reader, reader.size(), $undefined, _depth + 1, message.metadata);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Snapshot;
    })();

    eraftpb.MessageType = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "MsgHup"] = 0;
        values[valuesById[1] = "MsgBeat"] = 1;
        values[valuesById[2] = "MsgPropose"] = 2;
        values[valuesById[3] = "MsgAppend"] = 3;
        values[valuesById[4] = "MsgAppendResponse"] = 4;
        values[valuesById[5] = "MsgRequestVote"] = 5;
        values[valuesById[6] = "MsgRequestVoteResponse"] = 6;
        values[valuesById[7] = "MsgSnapshot"] = 7;
        values[valuesById[8] = "MsgHeartbeat"] = 8;
        values[valuesById[9] = "MsgHeartbeatResponse"] = 9;
        values[valuesById[10] = "MsgUnreachable"] = 10;
        values[valuesById[11] = "MsgSnapStatus"] = 11;
        values[valuesById[12] = "MsgCheckQuorum"] = 12;
        values[valuesById[13] = "MsgTransferLeader"] = 13;
        values[valuesById[14] = "MsgTimeoutNow"] = 14;
        values[valuesById[15] = "MsgReadIndex"] = 15;
        values[valuesById[16] = "MsgReadIndexResp"] = 16;
        values[valuesById[17] = "MsgRequestPreVote"] = 17;
        values[valuesById[18] = "MsgRequestPreVoteResponse"] = 18;
        return values;
    })();

    eraftpb.Message = (function() {

        const Message = function (properties) {
            this.entries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Message.prototype.msg_type = 0;
        Message.prototype.to = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.from = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.log_term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.index = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.entries = $util.emptyArray;
        Message.prototype.commit = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.snapshot = null;
        Message.prototype.reject = false;
        Message.prototype.reject_hint = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.context = $util.newBuffer([]);
        Message.prototype.request_snapshot = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.commit_term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Message.prototype.priority = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

        Message.create = function(properties) {
            return new Message(properties);
        };

        Message.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.msg_type != null && $Object.hasOwnProperty.call(message, "msg_type") && message.msg_type !== 0)
                writer.uint32(8).int32(message.msg_type);
            if (message.to != null && $Object.hasOwnProperty.call(message, "to") && (typeof message.to === "object" ? message.to.low || message.to.high : message.to !== 0))
                writer.uint32(16).uint64(message.to);
            if (message.from != null && $Object.hasOwnProperty.call(message, "from") && (typeof message.from === "object" ? message.from.low || message.from.high : message.from !== 0))
                writer.uint32(24).uint64(message.from);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && (typeof message.term === "object" ? message.term.low || message.term.high : message.term !== 0))
                writer.uint32(32).uint64(message.term);
            if (message.log_term != null && $Object.hasOwnProperty.call(message, "log_term") && (typeof message.log_term === "object" ? message.log_term.low || message.log_term.high : message.log_term !== 0))
                writer.uint32(40).uint64(message.log_term);
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && (typeof message.index === "object" ? message.index.low || message.index.high : message.index !== 0))
                writer.uint32(48).uint64(message.index);
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    $root.eraftpb.Entry.encode(message.entries[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.commit != null && $Object.hasOwnProperty.call(message, "commit") && (typeof message.commit === "object" ? message.commit.low || message.commit.high : message.commit !== 0))
                writer.uint32(64).uint64(message.commit);
            if (message.snapshot != null && $Object.hasOwnProperty.call(message, "snapshot"))
                $root.eraftpb.Snapshot.encode(message.snapshot, writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.reject != null && $Object.hasOwnProperty.call(message, "reject") && message.reject !== false)
                writer.uint32(80).bool(message.reject);
            if (message.reject_hint != null && $Object.hasOwnProperty.call(message, "reject_hint") && (typeof message.reject_hint === "object" ? message.reject_hint.low || message.reject_hint.high : message.reject_hint !== 0))
                writer.uint32(88).uint64(message.reject_hint);
            if (message.context != null && $Object.hasOwnProperty.call(message, "context") && message.context.length)
                writer.uint32(98).bytes(message.context);
            if (message.request_snapshot != null && $Object.hasOwnProperty.call(message, "request_snapshot") && (typeof message.request_snapshot === "object" ? message.request_snapshot.low || message.request_snapshot.high : message.request_snapshot !== 0))
                writer.uint32(104).uint64(message.request_snapshot);
            if (message.commit_term != null && $Object.hasOwnProperty.call(message, "commit_term") && (typeof message.commit_term === "object" ? message.commit_term.low || message.commit_term.high : message.commit_term !== 0))
                writer.uint32(120).uint64(message.commit_term);
            if (message.priority != null && $Object.hasOwnProperty.call(message, "priority") && (typeof message.priority === "object" ? message.priority.low || message.priority.high : message.priority !== 0))
                writer.uint32(128).int64(message.priority);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Message.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.eraftpb.Message();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.msg_type = value;
                        else
                            delete message.msg_type;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.to = value;
                        else
                            delete message.to;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.from = value;
                        else
                            delete message.from;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.log_term = value;
                        else
                            delete message.log_term;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push($root.eraftpb.Entry.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.commit = value;
                        else
                            delete message.commit;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.snapshot = $root.eraftpb.Snapshot.decode(reader, reader.size(), $undefined, _depth + 1, message.snapshot);
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.reject = value;
                        else
                            delete message.reject;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.reject_hint = value;
                        else
                            delete message.reject_hint;
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.context = value;
                        else
                            delete message.context;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.request_snapshot = value;
                        else
                            delete message.request_snapshot;
                        continue;
                    }
                case 15: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.commit_term = value;
                        else
                            delete message.commit_term;
                        continue;
                    }
                case 16: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.priority = value;
                        else
                            delete message.priority;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Message;
    })();

    return eraftpb;
})();

export const raft_serverpb = $root.raft_serverpb = (() => {

    const raft_serverpb = {};

    raft_serverpb.RaftMessage = (function() {

        const RaftMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RaftMessage.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RaftMessage.prototype.from_peer = null;
        RaftMessage.prototype.to_peer = null;
        RaftMessage.prototype.message = null;
        RaftMessage.prototype.region_epoch = null;
        RaftMessage.prototype.is_tombstone = false;
        RaftMessage.prototype.start_key = $util.newBuffer([]);
        RaftMessage.prototype.end_key = $util.newBuffer([]);

        RaftMessage.create = function(properties) {
            return new RaftMessage(properties);
        };

        RaftMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(8).uint64(message.region_id);
            if (message.from_peer != null && $Object.hasOwnProperty.call(message, "from_peer"))
                $root.metapb.Peer.encode(message.from_peer, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.to_peer != null && $Object.hasOwnProperty.call(message, "to_peer"))
                $root.metapb.Peer.encode(message.to_peer, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.message != null && $Object.hasOwnProperty.call(message, "message"))
                $root.eraftpb.Message.encode(message.message, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.region_epoch != null && $Object.hasOwnProperty.call(message, "region_epoch"))
                $root.metapb.RegionEpoch.encode(message.region_epoch, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.is_tombstone != null && $Object.hasOwnProperty.call(message, "is_tombstone") && message.is_tombstone !== false)
                writer.uint32(48).bool(message.is_tombstone);
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(58).bytes(message.start_key);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(66).bytes(message.end_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RaftMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.raft_serverpb.RaftMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.region_id = value;
                        else
                            delete message.region_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.from_peer = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.from_peer);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.to_peer = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.to_peer);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.message = $root.eraftpb.Message.decode(reader, reader.size(), $undefined, _depth + 1, message.message);
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.region_epoch = $root.metapb.RegionEpoch.decode(reader, reader.size(), $undefined, _depth + 1, message.region_epoch);
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.is_tombstone = value;
                        else
                            delete message.is_tombstone;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start_key = value;
                        else
                            delete message.start_key;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end_key = value;
                        else
                            delete message.end_key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RaftMessage;
    })();

    raft_serverpb.SnapshotChunk = (function() {

        const SnapshotChunk = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SnapshotChunk.prototype.message = null;
        SnapshotChunk.prototype.data = $util.newBuffer([]);

        SnapshotChunk.create = function(properties) {
            return new SnapshotChunk(properties);
        };

        SnapshotChunk.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.message != null && $Object.hasOwnProperty.call(message, "message"))
                $root.raft_serverpb.RaftMessage.encode(message.message, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                writer.uint32(18).bytes(message.data);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SnapshotChunk.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.raft_serverpb.SnapshotChunk();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.message = $root.raft_serverpb.RaftMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.message);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.data = value;
                        else
                            delete message.data;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SnapshotChunk;
    })();

    raft_serverpb.Done = (function() {

        const Done = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Done.create = function(properties) {
            return new Done(properties);
        };

        Done.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Done.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.raft_serverpb.Done();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Done;
    })();

    return raft_serverpb;
})();

export const kvrpcpb = $root.kvrpcpb = (() => {

    const kvrpcpb = {};

    kvrpcpb.APIVersion = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "V1"] = 0;
        values[valuesById[1] = "V1TTL"] = 1;
        values[valuesById[2] = "V2"] = 2;
        return values;
    })();

    kvrpcpb.Context = (function() {

        const Context = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Context.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Context.prototype.region_epoch = null;
        Context.prototype.peer = null;
        Context.prototype.term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Context.prototype.api_version = 0;
        Context.prototype.cluster_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        Context.create = function(properties) {
            return new Context(properties);
        };

        Context.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(8).uint64(message.region_id);
            if (message.region_epoch != null && $Object.hasOwnProperty.call(message, "region_epoch"))
                $root.metapb.RegionEpoch.encode(message.region_epoch, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer"))
                $root.metapb.Peer.encode(message.peer, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && (typeof message.term === "object" ? message.term.low || message.term.high : message.term !== 0))
                writer.uint32(40).uint64(message.term);
            if (message.api_version != null && $Object.hasOwnProperty.call(message, "api_version") && message.api_version !== 0)
                writer.uint32(168).int32(message.api_version);
            if (message.cluster_id != null && $Object.hasOwnProperty.call(message, "cluster_id") && (typeof message.cluster_id === "object" ? message.cluster_id.low || message.cluster_id.high : message.cluster_id !== 0))
                writer.uint32(280).uint64(message.cluster_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Context.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.Context();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.region_id = value;
                        else
                            delete message.region_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.region_epoch = $root.metapb.RegionEpoch.decode(reader, reader.size(), $undefined, _depth + 1, message.region_epoch);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.peer = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.peer);
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 21: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.api_version = value;
                        else
                            delete message.api_version;
                        continue;
                    }
                case 35: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.cluster_id = value;
                        else
                            delete message.cluster_id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Context;
    })();

    kvrpcpb.KvPair = (function() {

        const KvPair = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KvPair.prototype.key = $util.newBuffer([]);
        KvPair.prototype.value = $util.newBuffer([]);

        KvPair.create = function(properties) {
            return new KvPair(properties);
        };

        KvPair.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(18).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(26).bytes(message.value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KvPair.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.KvPair();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return KvPair;
    })();

    kvrpcpb.RawGetRequest = (function() {

        const RawGetRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawGetRequest.prototype.context = null;
        RawGetRequest.prototype.key = $util.newBuffer([]);
        RawGetRequest.prototype.cf = "";

        RawGetRequest.create = function(properties) {
            return new RawGetRequest(properties);
        };

        RawGetRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(18).bytes(message.key);
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(26).string(message.cf);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawGetRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawGetRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.context = $root.kvrpcpb.Context.decode(reader, reader.size(), $undefined, _depth + 1, message.context);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cf = value;
                        else
                            delete message.cf;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawGetRequest;
    })();

    kvrpcpb.RawGetResponse = (function() {

        const RawGetResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawGetResponse.prototype.region_error = null;
        RawGetResponse.prototype.error = "";
        RawGetResponse.prototype.value = $util.newBuffer([]);
        RawGetResponse.prototype.not_found = false;

        RawGetResponse.create = function(properties) {
            return new RawGetResponse(properties);
        };

        RawGetResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error") && message.error !== "")
                writer.uint32(18).string(message.error);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(26).bytes(message.value);
            if (message.not_found != null && $Object.hasOwnProperty.call(message, "not_found") && message.not_found !== false)
                writer.uint32(32).bool(message.not_found);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawGetResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawGetResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.error = value;
                        else
                            delete message.error;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.not_found = value;
                        else
                            delete message.not_found;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawGetResponse;
    })();

    kvrpcpb.RawBatchGetRequest = (function() {

        const RawBatchGetRequest = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawBatchGetRequest.prototype.context = null;
        RawBatchGetRequest.prototype.keys = $util.emptyArray;
        RawBatchGetRequest.prototype.cf = "";

        RawBatchGetRequest.create = function(properties) {
            return new RawBatchGetRequest(properties);
        };

        RawBatchGetRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(18).bytes(message.keys[i]);
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(26).string(message.cf);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawBatchGetRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawBatchGetRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.context = $root.kvrpcpb.Context.decode(reader, reader.size(), $undefined, _depth + 1, message.context);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cf = value;
                        else
                            delete message.cf;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawBatchGetRequest;
    })();

    kvrpcpb.RawBatchGetResponse = (function() {

        const RawBatchGetResponse = function (properties) {
            this.pairs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawBatchGetResponse.prototype.region_error = null;
        RawBatchGetResponse.prototype.pairs = $util.emptyArray;

        RawBatchGetResponse.create = function(properties) {
            return new RawBatchGetResponse(properties);
        };

        RawBatchGetResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.pairs != null && message.pairs.length)
                for (let i = 0; i < message.pairs.length; ++i)
                    $root.kvrpcpb.KvPair.encode(message.pairs[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawBatchGetResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawBatchGetResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.pairs && message.pairs.length))
                            message.pairs = [];
                        message.pairs.push($root.kvrpcpb.KvPair.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawBatchGetResponse;
    })();

    kvrpcpb.RawPutRequest = (function() {

        const RawPutRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawPutRequest.prototype.context = null;
        RawPutRequest.prototype.key = $util.newBuffer([]);
        RawPutRequest.prototype.value = $util.newBuffer([]);
        RawPutRequest.prototype.cf = "";
        RawPutRequest.prototype.ttl = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RawPutRequest.prototype.for_cas = false;

        RawPutRequest.create = function(properties) {
            return new RawPutRequest(properties);
        };

        RawPutRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(18).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(26).bytes(message.value);
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(34).string(message.cf);
            if (message.ttl != null && $Object.hasOwnProperty.call(message, "ttl") && (typeof message.ttl === "object" ? message.ttl.low || message.ttl.high : message.ttl !== 0))
                writer.uint32(40).uint64(message.ttl);
            if (message.for_cas != null && $Object.hasOwnProperty.call(message, "for_cas") && message.for_cas !== false)
                writer.uint32(48).bool(message.for_cas);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawPutRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawPutRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.context = $root.kvrpcpb.Context.decode(reader, reader.size(), $undefined, _depth + 1, message.context);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cf = value;
                        else
                            delete message.cf;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ttl = value;
                        else
                            delete message.ttl;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.for_cas = value;
                        else
                            delete message.for_cas;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawPutRequest;
    })();

    kvrpcpb.RawPutResponse = (function() {

        const RawPutResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawPutResponse.prototype.region_error = null;
        RawPutResponse.prototype.error = "";

        RawPutResponse.create = function(properties) {
            return new RawPutResponse(properties);
        };

        RawPutResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error") && message.error !== "")
                writer.uint32(18).string(message.error);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawPutResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawPutResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.error = value;
                        else
                            delete message.error;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawPutResponse;
    })();

    kvrpcpb.RawBatchPutRequest = (function() {

        const RawBatchPutRequest = function (properties) {
            this.pairs = [];
            this.ttls = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawBatchPutRequest.prototype.context = null;
        RawBatchPutRequest.prototype.pairs = $util.emptyArray;
        RawBatchPutRequest.prototype.cf = "";
        RawBatchPutRequest.prototype.ttl = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RawBatchPutRequest.prototype.for_cas = false;
        RawBatchPutRequest.prototype.ttls = $util.emptyArray;

        RawBatchPutRequest.create = function(properties) {
            return new RawBatchPutRequest(properties);
        };

        RawBatchPutRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.pairs != null && message.pairs.length)
                for (let i = 0; i < message.pairs.length; ++i)
                    $root.kvrpcpb.KvPair.encode(message.pairs[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(26).string(message.cf);
            if (message.ttl != null && $Object.hasOwnProperty.call(message, "ttl") && (typeof message.ttl === "object" ? message.ttl.low || message.ttl.high : message.ttl !== 0))
                writer.uint32(32).uint64(message.ttl);
            if (message.for_cas != null && $Object.hasOwnProperty.call(message, "for_cas") && message.for_cas !== false)
                writer.uint32(40).bool(message.for_cas);
            if (message.ttls != null && message.ttls.length)
                writer.uint32(50).uint64s(message.ttls);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawBatchPutRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawBatchPutRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.context = $root.kvrpcpb.Context.decode(reader, reader.size(), $undefined, _depth + 1, message.context);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.pairs && message.pairs.length))
                            message.pairs = [];
                        message.pairs.push($root.kvrpcpb.KvPair.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cf = value;
                        else
                            delete message.cf;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ttl = value;
                        else
                            delete message.ttl;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.for_cas = value;
                        else
                            delete message.for_cas;
                        continue;
                    }
                case 6: {
                        if (wireType === 2) {
                            if (!(message.ttls && message.ttls.length))
                                message.ttls = [];
                            reader.uint64s(message.ttls);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.ttls && message.ttls.length))
                            message.ttls = [];
                        message.ttls.push(reader.uint64());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawBatchPutRequest;
    })();

    kvrpcpb.RawBatchPutResponse = (function() {

        const RawBatchPutResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawBatchPutResponse.prototype.region_error = null;
        RawBatchPutResponse.prototype.error = "";

        RawBatchPutResponse.create = function(properties) {
            return new RawBatchPutResponse(properties);
        };

        RawBatchPutResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error") && message.error !== "")
                writer.uint32(18).string(message.error);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawBatchPutResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawBatchPutResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.error = value;
                        else
                            delete message.error;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawBatchPutResponse;
    })();

    kvrpcpb.RawDeleteRequest = (function() {

        const RawDeleteRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawDeleteRequest.prototype.context = null;
        RawDeleteRequest.prototype.key = $util.newBuffer([]);
        RawDeleteRequest.prototype.cf = "";
        RawDeleteRequest.prototype.for_cas = false;

        RawDeleteRequest.create = function(properties) {
            return new RawDeleteRequest(properties);
        };

        RawDeleteRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(18).bytes(message.key);
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(26).string(message.cf);
            if (message.for_cas != null && $Object.hasOwnProperty.call(message, "for_cas") && message.for_cas !== false)
                writer.uint32(32).bool(message.for_cas);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawDeleteRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawDeleteRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.context = $root.kvrpcpb.Context.decode(reader, reader.size(), $undefined, _depth + 1, message.context);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cf = value;
                        else
                            delete message.cf;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.for_cas = value;
                        else
                            delete message.for_cas;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawDeleteRequest;
    })();

    kvrpcpb.RawDeleteResponse = (function() {

        const RawDeleteResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawDeleteResponse.prototype.region_error = null;
        RawDeleteResponse.prototype.error = "";

        RawDeleteResponse.create = function(properties) {
            return new RawDeleteResponse(properties);
        };

        RawDeleteResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error") && message.error !== "")
                writer.uint32(18).string(message.error);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawDeleteResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawDeleteResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.error = value;
                        else
                            delete message.error;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawDeleteResponse;
    })();

    kvrpcpb.RawBatchDeleteRequest = (function() {

        const RawBatchDeleteRequest = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawBatchDeleteRequest.prototype.context = null;
        RawBatchDeleteRequest.prototype.keys = $util.emptyArray;
        RawBatchDeleteRequest.prototype.cf = "";
        RawBatchDeleteRequest.prototype.for_cas = false;

        RawBatchDeleteRequest.create = function(properties) {
            return new RawBatchDeleteRequest(properties);
        };

        RawBatchDeleteRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(18).bytes(message.keys[i]);
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(26).string(message.cf);
            if (message.for_cas != null && $Object.hasOwnProperty.call(message, "for_cas") && message.for_cas !== false)
                writer.uint32(32).bool(message.for_cas);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawBatchDeleteRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawBatchDeleteRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.context = $root.kvrpcpb.Context.decode(reader, reader.size(), $undefined, _depth + 1, message.context);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cf = value;
                        else
                            delete message.cf;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.for_cas = value;
                        else
                            delete message.for_cas;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawBatchDeleteRequest;
    })();

    kvrpcpb.RawBatchDeleteResponse = (function() {

        const RawBatchDeleteResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawBatchDeleteResponse.prototype.region_error = null;
        RawBatchDeleteResponse.prototype.error = "";

        RawBatchDeleteResponse.create = function(properties) {
            return new RawBatchDeleteResponse(properties);
        };

        RawBatchDeleteResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error") && message.error !== "")
                writer.uint32(18).string(message.error);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawBatchDeleteResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawBatchDeleteResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.error = value;
                        else
                            delete message.error;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawBatchDeleteResponse;
    })();

    kvrpcpb.RawDeleteRangeRequest = (function() {

        const RawDeleteRangeRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawDeleteRangeRequest.prototype.context = null;
        RawDeleteRangeRequest.prototype.start_key = $util.newBuffer([]);
        RawDeleteRangeRequest.prototype.end_key = $util.newBuffer([]);
        RawDeleteRangeRequest.prototype.cf = "";

        RawDeleteRangeRequest.create = function(properties) {
            return new RawDeleteRangeRequest(properties);
        };

        RawDeleteRangeRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(18).bytes(message.start_key);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(26).bytes(message.end_key);
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(34).string(message.cf);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawDeleteRangeRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawDeleteRangeRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.context = $root.kvrpcpb.Context.decode(reader, reader.size(), $undefined, _depth + 1, message.context);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start_key = value;
                        else
                            delete message.start_key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end_key = value;
                        else
                            delete message.end_key;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cf = value;
                        else
                            delete message.cf;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawDeleteRangeRequest;
    })();

    kvrpcpb.RawDeleteRangeResponse = (function() {

        const RawDeleteRangeResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawDeleteRangeResponse.prototype.region_error = null;
        RawDeleteRangeResponse.prototype.error = "";

        RawDeleteRangeResponse.create = function(properties) {
            return new RawDeleteRangeResponse(properties);
        };

        RawDeleteRangeResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error") && message.error !== "")
                writer.uint32(18).string(message.error);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawDeleteRangeResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawDeleteRangeResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.error = value;
                        else
                            delete message.error;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawDeleteRangeResponse;
    })();

    kvrpcpb.RawScanRequest = (function() {

        const RawScanRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawScanRequest.prototype.context = null;
        RawScanRequest.prototype.start_key = $util.newBuffer([]);
        RawScanRequest.prototype.limit = 0;
        RawScanRequest.prototype.key_only = false;
        RawScanRequest.prototype.cf = "";
        RawScanRequest.prototype.reverse = false;
        RawScanRequest.prototype.end_key = $util.newBuffer([]);

        RawScanRequest.create = function(properties) {
            return new RawScanRequest(properties);
        };

        RawScanRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(18).bytes(message.start_key);
            if (message.limit != null && $Object.hasOwnProperty.call(message, "limit") && message.limit !== 0)
                writer.uint32(24).uint32(message.limit);
            if (message.key_only != null && $Object.hasOwnProperty.call(message, "key_only") && message.key_only !== false)
                writer.uint32(32).bool(message.key_only);
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(42).string(message.cf);
            if (message.reverse != null && $Object.hasOwnProperty.call(message, "reverse") && message.reverse !== false)
                writer.uint32(48).bool(message.reverse);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(58).bytes(message.end_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawScanRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawScanRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.context = $root.kvrpcpb.Context.decode(reader, reader.size(), $undefined, _depth + 1, message.context);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start_key = value;
                        else
                            delete message.start_key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.limit = value;
                        else
                            delete message.limit;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.key_only = value;
                        else
                            delete message.key_only;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cf = value;
                        else
                            delete message.cf;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.reverse = value;
                        else
                            delete message.reverse;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end_key = value;
                        else
                            delete message.end_key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawScanRequest;
    })();

    kvrpcpb.RawScanResponse = (function() {

        const RawScanResponse = function (properties) {
            this.kvs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawScanResponse.prototype.region_error = null;
        RawScanResponse.prototype.kvs = $util.emptyArray;

        RawScanResponse.create = function(properties) {
            return new RawScanResponse(properties);
        };

        RawScanResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.kvs != null && message.kvs.length)
                for (let i = 0; i < message.kvs.length; ++i)
                    $root.kvrpcpb.KvPair.encode(message.kvs[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawScanResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.kvrpcpb.RawScanResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.kvs && message.kvs.length))
                            message.kvs = [];
                        message.kvs.push($root.kvrpcpb.KvPair.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RawScanResponse;
    })();

    return kvrpcpb;
})();

export const tikvpb = $root.tikvpb = (() => {

    const tikvpb = {};

    tikvpb.BatchRaftMessage = (function() {

        const BatchRaftMessage = function (properties) {
            this.msgs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchRaftMessage.prototype.msgs = $util.emptyArray;

        BatchRaftMessage.create = function(properties) {
            return new BatchRaftMessage(properties);
        };

        BatchRaftMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.msgs != null && message.msgs.length)
                for (let i = 0; i < message.msgs.length; ++i)
                    $root.raft_serverpb.RaftMessage.encode(message.msgs[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchRaftMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.tikvpb.BatchRaftMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.msgs && message.msgs.length))
                            message.msgs = [];
                        message.msgs.push($root.raft_serverpb.RaftMessage.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return BatchRaftMessage;
    })();

    tikvpb.BatchCommandsEmptyRequest = (function() {

        const BatchCommandsEmptyRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchCommandsEmptyRequest.prototype.test_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        BatchCommandsEmptyRequest.prototype.delay_time = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        BatchCommandsEmptyRequest.create = function(properties) {
            return new BatchCommandsEmptyRequest(properties);
        };

        BatchCommandsEmptyRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.test_id != null && $Object.hasOwnProperty.call(message, "test_id") && (typeof message.test_id === "object" ? message.test_id.low || message.test_id.high : message.test_id !== 0))
                writer.uint32(8).uint64(message.test_id);
            if (message.delay_time != null && $Object.hasOwnProperty.call(message, "delay_time") && (typeof message.delay_time === "object" ? message.delay_time.low || message.delay_time.high : message.delay_time !== 0))
                writer.uint32(16).uint64(message.delay_time);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchCommandsEmptyRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.tikvpb.BatchCommandsEmptyRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.test_id = value;
                        else
                            delete message.test_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.delay_time = value;
                        else
                            delete message.delay_time;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return BatchCommandsEmptyRequest;
    })();

    tikvpb.BatchCommandsEmptyResponse = (function() {

        const BatchCommandsEmptyResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchCommandsEmptyResponse.prototype.test_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        BatchCommandsEmptyResponse.create = function(properties) {
            return new BatchCommandsEmptyResponse(properties);
        };

        BatchCommandsEmptyResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.test_id != null && $Object.hasOwnProperty.call(message, "test_id") && (typeof message.test_id === "object" ? message.test_id.low || message.test_id.high : message.test_id !== 0))
                writer.uint32(8).uint64(message.test_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchCommandsEmptyResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.tikvpb.BatchCommandsEmptyResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.test_id = value;
                        else
                            delete message.test_id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return BatchCommandsEmptyResponse;
    })();

    tikvpb.BatchCommandsRequest = (function() {

        const BatchCommandsRequest = function (properties) {
            this.requests = [];
            this.request_ids = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchCommandsRequest.prototype.requests = $util.emptyArray;
        BatchCommandsRequest.prototype.request_ids = $util.emptyArray;

        BatchCommandsRequest.create = function(properties) {
            return new BatchCommandsRequest(properties);
        };

        BatchCommandsRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.requests != null && message.requests.length)
                for (let i = 0; i < message.requests.length; ++i)
                    $root.tikvpb.BatchCommandsRequest.Request.encode(message.requests[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.request_ids != null && message.request_ids.length)
                writer.uint32(18).uint64s(message.request_ids);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchCommandsRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.tikvpb.BatchCommandsRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.requests && message.requests.length))
                            message.requests = [];
                        message.requests.push($root.tikvpb.BatchCommandsRequest.Request.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType === 2) {
                            if (!(message.request_ids && message.request_ids.length))
                                message.request_ids = [];
                            reader.uint64s(message.request_ids);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.request_ids && message.request_ids.length))
                            message.request_ids = [];
                        message.request_ids.push(reader.uint64());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        BatchCommandsRequest.Request = (function() {

            const Request = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Request.prototype.RawGet = null;
            Request.prototype.RawBatchGet = null;
            Request.prototype.RawPut = null;
            Request.prototype.RawBatchPut = null;
            Request.prototype.RawDelete = null;
            Request.prototype.RawBatchDelete = null;
            Request.prototype.RawScan = null;
            Request.prototype.RawDeleteRange = null;
            Request.prototype.Empty = null;

            let $oneOfFields;

            $Object.defineProperty(Request.prototype, "cmd", {
                get: $util.oneOfGetter($oneOfFields = ["RawGet", "RawBatchGet", "RawPut", "RawBatchPut", "RawDelete", "RawBatchDelete", "RawScan", "RawDeleteRange", "Empty"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Request.create = function(properties) {
                return new Request(properties);
            };

            Request.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.RawGet != null && $Object.hasOwnProperty.call(message, "RawGet"))
                    $root.kvrpcpb.RawGetRequest.encode(message.RawGet, writer.uint32(106).fork(), _depth + 1).ldelim();
                if (message.RawBatchGet != null && $Object.hasOwnProperty.call(message, "RawBatchGet"))
                    $root.kvrpcpb.RawBatchGetRequest.encode(message.RawBatchGet, writer.uint32(114).fork(), _depth + 1).ldelim();
                if (message.RawPut != null && $Object.hasOwnProperty.call(message, "RawPut"))
                    $root.kvrpcpb.RawPutRequest.encode(message.RawPut, writer.uint32(122).fork(), _depth + 1).ldelim();
                if (message.RawBatchPut != null && $Object.hasOwnProperty.call(message, "RawBatchPut"))
                    $root.kvrpcpb.RawBatchPutRequest.encode(message.RawBatchPut, writer.uint32(130).fork(), _depth + 1).ldelim();
                if (message.RawDelete != null && $Object.hasOwnProperty.call(message, "RawDelete"))
                    $root.kvrpcpb.RawDeleteRequest.encode(message.RawDelete, writer.uint32(138).fork(), _depth + 1).ldelim();
                if (message.RawBatchDelete != null && $Object.hasOwnProperty.call(message, "RawBatchDelete"))
                    $root.kvrpcpb.RawBatchDeleteRequest.encode(message.RawBatchDelete, writer.uint32(146).fork(), _depth + 1).ldelim();
                if (message.RawScan != null && $Object.hasOwnProperty.call(message, "RawScan"))
                    $root.kvrpcpb.RawScanRequest.encode(message.RawScan, writer.uint32(154).fork(), _depth + 1).ldelim();
                if (message.RawDeleteRange != null && $Object.hasOwnProperty.call(message, "RawDeleteRange"))
                    $root.kvrpcpb.RawDeleteRangeRequest.encode(message.RawDeleteRange, writer.uint32(162).fork(), _depth + 1).ldelim();
                if (message.Empty != null && $Object.hasOwnProperty.call(message, "Empty"))
                    $root.tikvpb.BatchCommandsEmptyRequest.encode(message.Empty, writer.uint32(2042).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Request.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tikvpb.BatchCommandsRequest.Request();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.RawGet = $root.kvrpcpb.RawGetRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawGet);
                            message.cmd = "RawGet";
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.RawBatchGet = $root.kvrpcpb.RawBatchGetRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawBatchGet);
                            message.cmd = "RawBatchGet";
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.RawPut = $root.kvrpcpb.RawPutRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawPut);
                            message.cmd = "RawPut";
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            message.RawBatchPut = $root.kvrpcpb.RawBatchPutRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawBatchPut);
                            message.cmd = "RawBatchPut";
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            message.RawDelete = $root.kvrpcpb.RawDeleteRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawDelete);
                            message.cmd = "RawDelete";
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            message.RawBatchDelete = $root.kvrpcpb.RawBatchDeleteRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawBatchDelete);
                            message.cmd = "RawBatchDelete";
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            message.RawScan = $root.kvrpcpb.RawScanRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawScan);
                            message.cmd = "RawScan";
                            continue;
                        }
                    case 20: {
                            if (wireType !== 2)
                                break;
                            message.RawDeleteRange = $root.kvrpcpb.RawDeleteRangeRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawDeleteRange);
                            message.cmd = "RawDeleteRange";
                            continue;
                        }
                    case 255: {
                            if (wireType !== 2)
                                break;
                            message.Empty = $root.tikvpb.BatchCommandsEmptyRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.Empty);
                            message.cmd = "Empty";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Request;
        })();

        return BatchCommandsRequest;
    })();

    tikvpb.BatchCommandsResponse = (function() {

        const BatchCommandsResponse = function (properties) {
            this.responses = [];
            this.request_ids = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchCommandsResponse.prototype.responses = $util.emptyArray;
        BatchCommandsResponse.prototype.request_ids = $util.emptyArray;

        BatchCommandsResponse.create = function(properties) {
            return new BatchCommandsResponse(properties);
        };

        BatchCommandsResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.responses != null && message.responses.length)
                for (let i = 0; i < message.responses.length; ++i)
                    $root.tikvpb.BatchCommandsResponse.Response.encode(message.responses[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.request_ids != null && message.request_ids.length)
                writer.uint32(18).uint64s(message.request_ids);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchCommandsResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.tikvpb.BatchCommandsResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.responses && message.responses.length))
                            message.responses = [];
                        message.responses.push($root.tikvpb.BatchCommandsResponse.Response.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType === 2) {
                            if (!(message.request_ids && message.request_ids.length))
                                message.request_ids = [];
                            reader.uint64s(message.request_ids);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.request_ids && message.request_ids.length))
                            message.request_ids = [];
                        message.request_ids.push(reader.uint64());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        BatchCommandsResponse.Response = (function() {

            const Response = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Response.prototype.RawGet = null;
            Response.prototype.RawBatchGet = null;
            Response.prototype.RawPut = null;
            Response.prototype.RawBatchPut = null;
            Response.prototype.RawDelete = null;
            Response.prototype.RawBatchDelete = null;
            Response.prototype.RawScan = null;
            Response.prototype.RawDeleteRange = null;
            Response.prototype.Empty = null;

            let $oneOfFields;

            $Object.defineProperty(Response.prototype, "cmd", {
                get: $util.oneOfGetter($oneOfFields = ["RawGet", "RawBatchGet", "RawPut", "RawBatchPut", "RawDelete", "RawBatchDelete", "RawScan", "RawDeleteRange", "Empty"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Response.create = function(properties) {
                return new Response(properties);
            };

            Response.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.RawGet != null && $Object.hasOwnProperty.call(message, "RawGet"))
                    $root.kvrpcpb.RawGetResponse.encode(message.RawGet, writer.uint32(106).fork(), _depth + 1).ldelim();
                if (message.RawBatchGet != null && $Object.hasOwnProperty.call(message, "RawBatchGet"))
                    $root.kvrpcpb.RawBatchGetResponse.encode(message.RawBatchGet, writer.uint32(114).fork(), _depth + 1).ldelim();
                if (message.RawPut != null && $Object.hasOwnProperty.call(message, "RawPut"))
                    $root.kvrpcpb.RawPutResponse.encode(message.RawPut, writer.uint32(122).fork(), _depth + 1).ldelim();
                if (message.RawBatchPut != null && $Object.hasOwnProperty.call(message, "RawBatchPut"))
                    $root.kvrpcpb.RawBatchPutResponse.encode(message.RawBatchPut, writer.uint32(130).fork(), _depth + 1).ldelim();
                if (message.RawDelete != null && $Object.hasOwnProperty.call(message, "RawDelete"))
                    $root.kvrpcpb.RawDeleteResponse.encode(message.RawDelete, writer.uint32(138).fork(), _depth + 1).ldelim();
                if (message.RawBatchDelete != null && $Object.hasOwnProperty.call(message, "RawBatchDelete"))
                    $root.kvrpcpb.RawBatchDeleteResponse.encode(message.RawBatchDelete, writer.uint32(146).fork(), _depth + 1).ldelim();
                if (message.RawScan != null && $Object.hasOwnProperty.call(message, "RawScan"))
                    $root.kvrpcpb.RawScanResponse.encode(message.RawScan, writer.uint32(154).fork(), _depth + 1).ldelim();
                if (message.RawDeleteRange != null && $Object.hasOwnProperty.call(message, "RawDeleteRange"))
                    $root.kvrpcpb.RawDeleteRangeResponse.encode(message.RawDeleteRange, writer.uint32(162).fork(), _depth + 1).ldelim();
                if (message.Empty != null && $Object.hasOwnProperty.call(message, "Empty"))
                    $root.tikvpb.BatchCommandsEmptyResponse.encode(message.Empty, writer.uint32(2042).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Response.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tikvpb.BatchCommandsResponse.Response();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.RawGet = $root.kvrpcpb.RawGetResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawGet);
                            message.cmd = "RawGet";
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.RawBatchGet = $root.kvrpcpb.RawBatchGetResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawBatchGet);
                            message.cmd = "RawBatchGet";
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.RawPut = $root.kvrpcpb.RawPutResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawPut);
                            message.cmd = "RawPut";
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            message.RawBatchPut = $root.kvrpcpb.RawBatchPutResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawBatchPut);
                            message.cmd = "RawBatchPut";
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            message.RawDelete = $root.kvrpcpb.RawDeleteResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawDelete);
                            message.cmd = "RawDelete";
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            message.RawBatchDelete = $root.kvrpcpb.RawBatchDeleteResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawBatchDelete);
                            message.cmd = "RawBatchDelete";
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            message.RawScan = $root.kvrpcpb.RawScanResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawScan);
                            message.cmd = "RawScan";
                            continue;
                        }
                    case 20: {
                            if (wireType !== 2)
                                break;
                            message.RawDeleteRange = $root.kvrpcpb.RawDeleteRangeResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawDeleteRange);
                            message.cmd = "RawDeleteRange";
                            continue;
                        }
                    case 255: {
                            if (wireType !== 2)
                                break;
                            message.Empty = $root.tikvpb.BatchCommandsEmptyResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.Empty);
                            message.cmd = "Empty";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Response;
        })();

        return BatchCommandsResponse;
    })();

    return tikvpb;
})();

export const pdpb = $root.pdpb = (() => {

    const pdpb = {};

    pdpb.RequestHeader = (function() {

        const RequestHeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RequestHeader.prototype.cluster_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RequestHeader.prototype.sender_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RequestHeader.create = function(properties) {
            return new RequestHeader(properties);
        };

        RequestHeader.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.cluster_id != null && $Object.hasOwnProperty.call(message, "cluster_id") && (typeof message.cluster_id === "object" ? message.cluster_id.low || message.cluster_id.high : message.cluster_id !== 0))
                writer.uint32(8).uint64(message.cluster_id);
            if (message.sender_id != null && $Object.hasOwnProperty.call(message, "sender_id") && (typeof message.sender_id === "object" ? message.sender_id.low || message.sender_id.high : message.sender_id !== 0))
                writer.uint32(16).uint64(message.sender_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RequestHeader.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.RequestHeader();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.cluster_id = value;
                        else
                            delete message.cluster_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.sender_id = value;
                        else
                            delete message.sender_id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RequestHeader;
    })();

    pdpb.ErrorType = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "OK"] = 0;
        values[valuesById[1] = "UNKNOWN"] = 1;
        values[valuesById[2] = "NOT_BOOTSTRAPPED"] = 2;
        values[valuesById[3] = "STORE_TOMBSTONE"] = 3;
        values[valuesById[6] = "REGION_NOT_FOUND"] = 6;
        values[valuesById[10] = "INVALID_VALUE"] = 10;
        return values;
    })();

    pdpb.Error = (function() {

        const Error = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Error.prototype.type = 0;
        Error.prototype.message = "";

        Error.create = function(properties) {
            return new Error(properties);
        };

        Error.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                writer.uint32(8).int32(message.type);
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                writer.uint32(18).string(message.message);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Error.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.Error();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Error;
    })();

    pdpb.ResponseHeader = (function() {

        const ResponseHeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ResponseHeader.prototype.cluster_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ResponseHeader.prototype.error = null;

        ResponseHeader.create = function(properties) {
            return new ResponseHeader(properties);
        };

        ResponseHeader.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.cluster_id != null && $Object.hasOwnProperty.call(message, "cluster_id") && (typeof message.cluster_id === "object" ? message.cluster_id.low || message.cluster_id.high : message.cluster_id !== 0))
                writer.uint32(8).uint64(message.cluster_id);
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.pdpb.Error.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ResponseHeader.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.ResponseHeader();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.cluster_id = value;
                        else
                            delete message.cluster_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.error = $root.pdpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ResponseHeader;
    })();

    pdpb.TsoRequest = (function() {

        const TsoRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TsoRequest.prototype.header = null;
        TsoRequest.prototype.count = 0;
        TsoRequest.prototype.dc_location = "";

        TsoRequest.create = function(properties) {
            return new TsoRequest(properties);
        };

        TsoRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                writer.uint32(16).uint32(message.count);
            if (message.dc_location != null && $Object.hasOwnProperty.call(message, "dc_location") && message.dc_location !== "")
                writer.uint32(26).string(message.dc_location);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TsoRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.TsoRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.RequestHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.count = value;
                        else
                            delete message.count;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.dc_location = value;
                        else
                            delete message.dc_location;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return TsoRequest;
    })();

    pdpb.Timestamp = (function() {

        const Timestamp = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Timestamp.prototype.physical = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        Timestamp.prototype.logical = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        Timestamp.prototype.suffix_bits = 0;

        Timestamp.create = function(properties) {
            return new Timestamp(properties);
        };

        Timestamp.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.physical != null && $Object.hasOwnProperty.call(message, "physical") && (typeof message.physical === "object" ? message.physical.low || message.physical.high : message.physical !== 0))
                writer.uint32(8).int64(message.physical);
            if (message.logical != null && $Object.hasOwnProperty.call(message, "logical") && (typeof message.logical === "object" ? message.logical.low || message.logical.high : message.logical !== 0))
                writer.uint32(16).int64(message.logical);
            if (message.suffix_bits != null && $Object.hasOwnProperty.call(message, "suffix_bits") && message.suffix_bits !== 0)
                writer.uint32(24).uint32(message.suffix_bits);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Timestamp.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.Timestamp();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.physical = value;
                        else
                            delete message.physical;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.logical = value;
                        else
                            delete message.logical;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.suffix_bits = value;
                        else
                            delete message.suffix_bits;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Timestamp;
    })();

    pdpb.TsoResponse = (function() {

        const TsoResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TsoResponse.prototype.header = null;
        TsoResponse.prototype.count = 0;
        TsoResponse.prototype.timestamp = null;

        TsoResponse.create = function(properties) {
            return new TsoResponse(properties);
        };

        TsoResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                writer.uint32(16).uint32(message.count);
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                $root.pdpb.Timestamp.encode(message.timestamp, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TsoResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.TsoResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.count = value;
                        else
                            delete message.count;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.timestamp = $root.pdpb.Timestamp.decode(reader, reader.size(), $undefined, _depth + 1, message.timestamp);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return TsoResponse;
    })();

    pdpb.Member = (function() {

        const Member = function (properties) {
            this.peer_urls = [];
            this.client_urls = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Member.prototype.name = "";
        Member.prototype.member_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Member.prototype.peer_urls = $util.emptyArray;
        Member.prototype.client_urls = $util.emptyArray;

        Member.create = function(properties) {
            return new Member(properties);
        };

        Member.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.member_id != null && $Object.hasOwnProperty.call(message, "member_id") && (typeof message.member_id === "object" ? message.member_id.low || message.member_id.high : message.member_id !== 0))
                writer.uint32(16).uint64(message.member_id);
            if (message.peer_urls != null && message.peer_urls.length)
                for (let i = 0; i < message.peer_urls.length; ++i)
                    writer.uint32(26).string(message.peer_urls[i]);
            if (message.client_urls != null && message.client_urls.length)
                for (let i = 0; i < message.client_urls.length; ++i)
                    writer.uint32(34).string(message.client_urls[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Member.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.Member();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.member_id = value;
                        else
                            delete message.member_id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.peer_urls && message.peer_urls.length))
                            message.peer_urls = [];
                        message.peer_urls.push(reader.stringVerify());
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.client_urls && message.client_urls.length))
                            message.client_urls = [];
                        message.client_urls.push(reader.stringVerify());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Member;
    })();

    pdpb.GetMembersRequest = (function() {

        const GetMembersRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetMembersRequest.prototype.header = null;

        GetMembersRequest.create = function(properties) {
            return new GetMembersRequest(properties);
        };

        GetMembersRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetMembersRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetMembersRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.RequestHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetMembersRequest;
    })();

    pdpb.GetMembersResponse = (function() {

        const GetMembersResponse = function (properties) {
            this.members = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetMembersResponse.prototype.header = null;
        GetMembersResponse.prototype.members = $util.emptyArray;
        GetMembersResponse.prototype.leader = null;
        GetMembersResponse.prototype.etcd_leader = null;

        GetMembersResponse.create = function(properties) {
            return new GetMembersResponse(properties);
        };

        GetMembersResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.members != null && message.members.length)
                for (let i = 0; i < message.members.length; ++i)
                    $root.pdpb.Member.encode(message.members[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.leader != null && $Object.hasOwnProperty.call(message, "leader"))
                $root.pdpb.Member.encode(message.leader, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.etcd_leader != null && $Object.hasOwnProperty.call(message, "etcd_leader"))
                $root.pdpb.Member.encode(message.etcd_leader, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetMembersResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetMembersResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.members && message.members.length))
                            message.members = [];
                        message.members.push($root.pdpb.Member.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.leader = $root.pdpb.Member.decode(reader, reader.size(), $undefined, _depth + 1, message.leader);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.etcd_leader = $root.pdpb.Member.decode(reader, reader.size(), $undefined, _depth + 1, message.etcd_leader);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetMembersResponse;
    })();

    pdpb.GetRegionRequest = (function() {

        const GetRegionRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetRegionRequest.prototype.header = null;
        GetRegionRequest.prototype.region_key = $util.newBuffer([]);
        GetRegionRequest.prototype.need_buckets = false;

        GetRegionRequest.create = function(properties) {
            return new GetRegionRequest(properties);
        };

        GetRegionRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.region_key != null && $Object.hasOwnProperty.call(message, "region_key") && message.region_key.length)
                writer.uint32(18).bytes(message.region_key);
            if (message.need_buckets != null && $Object.hasOwnProperty.call(message, "need_buckets") && message.need_buckets !== false)
                writer.uint32(24).bool(message.need_buckets);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetRegionRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetRegionRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.RequestHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.region_key = value;
                        else
                            delete message.region_key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.need_buckets = value;
                        else
                            delete message.need_buckets;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetRegionRequest;
    })();

    pdpb.GetRegionByIDRequest = (function() {

        const GetRegionByIDRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetRegionByIDRequest.prototype.header = null;
        GetRegionByIDRequest.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        GetRegionByIDRequest.prototype.need_buckets = false;

        GetRegionByIDRequest.create = function(properties) {
            return new GetRegionByIDRequest(properties);
        };

        GetRegionByIDRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(16).uint64(message.region_id);
            if (message.need_buckets != null && $Object.hasOwnProperty.call(message, "need_buckets") && message.need_buckets !== false)
                writer.uint32(24).bool(message.need_buckets);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetRegionByIDRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetRegionByIDRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.RequestHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.region_id = value;
                        else
                            delete message.region_id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.need_buckets = value;
                        else
                            delete message.need_buckets;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetRegionByIDRequest;
    })();

    pdpb.GetRegionResponse = (function() {

        const GetRegionResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetRegionResponse.prototype.header = null;
        GetRegionResponse.prototype.region = null;
        GetRegionResponse.prototype.leader = null;

        GetRegionResponse.create = function(properties) {
            return new GetRegionResponse(properties);
        };

        GetRegionResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                $root.metapb.Region.encode(message.region, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.leader != null && $Object.hasOwnProperty.call(message, "leader"))
                $root.metapb.Peer.encode(message.leader, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetRegionResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetRegionResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.region = $root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1, message.region);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.leader = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.leader);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetRegionResponse;
    })();

    pdpb.ScanRegionsRequest = (function() {

        const ScanRegionsRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScanRegionsRequest.prototype.header = null;
        ScanRegionsRequest.prototype.start_key = $util.newBuffer([]);
        ScanRegionsRequest.prototype.limit = 0;
        ScanRegionsRequest.prototype.end_key = $util.newBuffer([]);

        ScanRegionsRequest.create = function(properties) {
            return new ScanRegionsRequest(properties);
        };

        ScanRegionsRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(18).bytes(message.start_key);
            if (message.limit != null && $Object.hasOwnProperty.call(message, "limit") && message.limit !== 0)
                writer.uint32(24).int32(message.limit);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(34).bytes(message.end_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScanRegionsRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.ScanRegionsRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.RequestHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start_key = value;
                        else
                            delete message.start_key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.limit = value;
                        else
                            delete message.limit;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end_key = value;
                        else
                            delete message.end_key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScanRegionsRequest;
    })();

    pdpb.Region = (function() {

        const Region = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Region.prototype.region = null;
        Region.prototype.leader = null;

        Region.create = function(properties) {
            return new Region(properties);
        };

        Region.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                $root.metapb.Region.encode(message.region, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.leader != null && $Object.hasOwnProperty.call(message, "leader"))
                $root.metapb.Peer.encode(message.leader, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Region.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.Region();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.region = $root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1, message.region);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.leader = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.leader);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Region;
    })();

    pdpb.ScanRegionsResponse = (function() {

        const ScanRegionsResponse = function (properties) {
            this.region_metas = [];
            this.leaders = [];
            this.regions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScanRegionsResponse.prototype.header = null;
        ScanRegionsResponse.prototype.region_metas = $util.emptyArray;
        ScanRegionsResponse.prototype.leaders = $util.emptyArray;
        ScanRegionsResponse.prototype.regions = $util.emptyArray;

        ScanRegionsResponse.create = function(properties) {
            return new ScanRegionsResponse(properties);
        };

        ScanRegionsResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.region_metas != null && message.region_metas.length)
                for (let i = 0; i < message.region_metas.length; ++i)
                    $root.metapb.Region.encode(message.region_metas[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.leaders != null && message.leaders.length)
                for (let i = 0; i < message.leaders.length; ++i)
                    $root.metapb.Peer.encode(message.leaders[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.regions != null && message.regions.length)
                for (let i = 0; i < message.regions.length; ++i)
                    $root.pdpb.Region.encode(message.regions[i], writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScanRegionsResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.ScanRegionsResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.region_metas && message.region_metas.length))
                            message.region_metas = [];
                        message.region_metas.push($root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.leaders && message.leaders.length))
                            message.leaders = [];
                        message.leaders.push($root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.regions && message.regions.length))
                            message.regions = [];
                        message.regions.push($root.pdpb.Region.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScanRegionsResponse;
    })();

    pdpb.GetStoreRequest = (function() {

        const GetStoreRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetStoreRequest.prototype.header = null;
        GetStoreRequest.prototype.store_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        GetStoreRequest.create = function(properties) {
            return new GetStoreRequest(properties);
        };

        GetStoreRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.store_id != null && $Object.hasOwnProperty.call(message, "store_id") && (typeof message.store_id === "object" ? message.store_id.low || message.store_id.high : message.store_id !== 0))
                writer.uint32(16).uint64(message.store_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetStoreRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetStoreRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.RequestHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.store_id = value;
                        else
                            delete message.store_id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetStoreRequest;
    })();

    pdpb.GetStoreResponse = (function() {

        const GetStoreResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetStoreResponse.prototype.header = null;
        GetStoreResponse.prototype.store = null;

        GetStoreResponse.create = function(properties) {
            return new GetStoreResponse(properties);
        };

        GetStoreResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.store != null && $Object.hasOwnProperty.call(message, "store"))
                $root.metapb.Store.encode(message.store, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetStoreResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetStoreResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.store = $root.metapb.Store.decode(reader, reader.size(), $undefined, _depth + 1, message.store);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetStoreResponse;
    })();

    pdpb.GetAllStoresRequest = (function() {

        const GetAllStoresRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetAllStoresRequest.prototype.header = null;
        GetAllStoresRequest.prototype.exclude_tombstone_stores = false;

        GetAllStoresRequest.create = function(properties) {
            return new GetAllStoresRequest(properties);
        };

        GetAllStoresRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.exclude_tombstone_stores != null && $Object.hasOwnProperty.call(message, "exclude_tombstone_stores") && message.exclude_tombstone_stores !== false)
                writer.uint32(16).bool(message.exclude_tombstone_stores);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetAllStoresRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetAllStoresRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.RequestHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.exclude_tombstone_stores = value;
                        else
                            delete message.exclude_tombstone_stores;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetAllStoresRequest;
    })();

    pdpb.GetAllStoresResponse = (function() {

        const GetAllStoresResponse = function (properties) {
            this.stores = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetAllStoresResponse.prototype.header = null;
        GetAllStoresResponse.prototype.stores = $util.emptyArray;

        GetAllStoresResponse.create = function(properties) {
            return new GetAllStoresResponse(properties);
        };

        GetAllStoresResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.stores != null && message.stores.length)
                for (let i = 0; i < message.stores.length; ++i)
                    $root.metapb.Store.encode(message.stores[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetAllStoresResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.pdpb.GetAllStoresResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.pdpb.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.stores && message.stores.length))
                            message.stores = [];
                        message.stores.push($root.metapb.Store.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetAllStoresResponse;
    })();

    return pdpb;
})();

export const grpc = $root.grpc = (() => {

    const grpc = {};

    grpc.health = (function() {

        const health = {};

        health.v1 = (function() {

            const v1 = {};

            v1.HealthCheckRequest = (function() {

                const HealthCheckRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                HealthCheckRequest.prototype.service = "";

                HealthCheckRequest.create = function(properties) {
                    return new HealthCheckRequest(properties);
                };

                HealthCheckRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.service != null && $Object.hasOwnProperty.call(message, "service") && message.service !== "")
                        writer.uint32(10).string(message.service);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                HealthCheckRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.grpc.health.v1.HealthCheckRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.service = value;
                                else
                                    delete message.service;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return HealthCheckRequest;
            })();

            v1.HealthCheckResponse = (function() {

                const HealthCheckResponse = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                HealthCheckResponse.prototype.status = 0;

                HealthCheckResponse.create = function(properties) {
                    return new HealthCheckResponse(properties);
                };

                HealthCheckResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                        writer.uint32(8).int32(message.status);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                HealthCheckResponse.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.grpc.health.v1.HealthCheckResponse();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.int32())
                                    message.status = value;
                                else
                                    delete message.status;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                HealthCheckResponse.ServingStatus = (function() {
                    const valuesById = $Object.create(null), values = $Object.create(valuesById);
                    values[valuesById[0] = "UNKNOWN"] = 0;
                    values[valuesById[1] = "SERVING"] = 1;
                    values[valuesById[2] = "NOT_SERVING"] = 2;
                    values[valuesById[3] = "SERVICE_UNKNOWN"] = 3;
                    return values;
                })();

                return HealthCheckResponse;
            })();

            return v1;
        })();

        return health;
    })();

    return grpc;
})();

export {
  $root as default
};
