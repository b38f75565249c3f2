// @ts-nocheck
// Made by proto/wire/generate.sh from proto/wire/*.proto. Do not edit.
import * as $wide from '../wire/wide.ts';
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

    errorpb.MaxTimestampNotSynced = (function() {

        const MaxTimestampNotSynced = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MaxTimestampNotSynced.create = function(properties) {
            return new MaxTimestampNotSynced(properties);
        };

        MaxTimestampNotSynced.encode = function (message, writer, _depth) {
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

        MaxTimestampNotSynced.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.errorpb.MaxTimestampNotSynced();
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

        return MaxTimestampNotSynced;
    })();

    errorpb.RegionNotInitialized = (function() {

        const RegionNotInitialized = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RegionNotInitialized.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RegionNotInitialized.create = function(properties) {
            return new RegionNotInitialized(properties);
        };

        RegionNotInitialized.encode = function (message, writer, _depth) {
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

        RegionNotInitialized.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.errorpb.RegionNotInitialized();
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

        return RegionNotInitialized;
    })();

    errorpb.UndeterminedResult = (function() {

        const UndeterminedResult = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UndeterminedResult.prototype.message = "";

        UndeterminedResult.create = function(properties) {
            return new UndeterminedResult(properties);
        };

        UndeterminedResult.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                writer.uint32(10).string(message.message);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UndeterminedResult.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.errorpb.UndeterminedResult();
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

        return UndeterminedResult;
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
        Error.prototype.max_timestamp_not_synced = null;
        Error.prototype.region_not_initialized = null;
        Error.prototype.disk_full = null;
        Error.prototype.mismatch_peer_id = null;
        Error.prototype.undetermined_result = null;
        Error.prototype.code = "";

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
            if (message.max_timestamp_not_synced != null && $Object.hasOwnProperty.call(message, "max_timestamp_not_synced"))
                $root.errorpb.MaxTimestampNotSynced.encode(message.max_timestamp_not_synced, writer.uint32(82).fork(), _depth + 1).ldelim();
            if (message.region_not_initialized != null && $Object.hasOwnProperty.call(message, "region_not_initialized"))
                $root.errorpb.RegionNotInitialized.encode(message.region_not_initialized, writer.uint32(114).fork(), _depth + 1).ldelim();
            if (message.disk_full != null && $Object.hasOwnProperty.call(message, "disk_full"))
                $root.errorpb.DiskFull.encode(message.disk_full, writer.uint32(122).fork(), _depth + 1).ldelim();
            if (message.mismatch_peer_id != null && $Object.hasOwnProperty.call(message, "mismatch_peer_id"))
                $root.errorpb.MismatchPeerId.encode(message.mismatch_peer_id, writer.uint32(162).fork(), _depth + 1).ldelim();
            if (message.undetermined_result != null && $Object.hasOwnProperty.call(message, "undetermined_result"))
                $root.errorpb.UndeterminedResult.encode(message.undetermined_result, writer.uint32(178).fork(), _depth + 1).ldelim();
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                writer.uint32(80010).string(message.code);
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
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.max_timestamp_not_synced = $root.errorpb.MaxTimestampNotSynced.decode(reader, reader.size(), $undefined, _depth + 1, message.max_timestamp_not_synced);
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            break;
                        message.region_not_initialized = $root.errorpb.RegionNotInitialized.decode(reader, reader.size(), $undefined, _depth + 1, message.region_not_initialized);
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
                case 22: {
                        if (wireType !== 2)
                            break;
                        message.undetermined_result = $root.errorpb.UndeterminedResult.decode(reader, reader.size(), $undefined, _depth + 1, message.undetermined_result);
                        continue;
                    }
                case 10001: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.code = value;
                        else
                            delete message.code;
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

export const deadlock = $root.deadlock = (() => {

    const deadlock = {};

    deadlock.WaitForEntry = (function() {

        const WaitForEntry = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        WaitForEntry.prototype.txn = 0n;
        WaitForEntry.prototype.wait_for_txn = 0n;
        WaitForEntry.prototype.key_hash = 0n;
        WaitForEntry.prototype.key = $util.newBuffer([]);

        WaitForEntry.create = function(properties) {
            return new WaitForEntry(properties);
        };

        WaitForEntry.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.txn != null && $Object.hasOwnProperty.call(message, "txn") && message.txn !== 0n)
                writer.uint32(8).uint64($wide.halves(message.txn));
            if (message.wait_for_txn != null && $Object.hasOwnProperty.call(message, "wait_for_txn") && message.wait_for_txn !== 0n)
                writer.uint32(16).uint64($wide.halves(message.wait_for_txn));
            if (message.key_hash != null && $Object.hasOwnProperty.call(message, "key_hash") && message.key_hash !== 0n)
                writer.uint32(24).uint64($wide.halves(message.key_hash));
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(34).bytes(message.key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        WaitForEntry.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.deadlock.WaitForEntry();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.txn = value;
                        else
                            delete message.txn;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.wait_for_txn = value;
                        else
                            delete message.wait_for_txn;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.key_hash = value;
                        else
                            delete message.key_hash;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
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

        return WaitForEntry;
    })();

    return deadlock;
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
        RaftMessage.prototype.region = $util.newBuffer([]);

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
            if (message.region != null && $Object.hasOwnProperty.call(message, "region") && message.region.length)
                writer.uint32(80010).bytes(message.region);
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
                case 10001: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.region = value;
                        else
                            delete message.region;
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
            this.resolved_locks = [];
            this.committed_locks = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Context.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Context.prototype.region_epoch = null;
        Context.prototype.peer = null;
        Context.prototype.term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Context.prototype.isolation_level = 0;
        Context.prototype.replica_read = false;
        Context.prototype.resolved_locks = $util.emptyArray;
        Context.prototype.stale_read = false;
        Context.prototype.is_retry_request = false;
        Context.prototype.api_version = 0;
        Context.prototype.committed_locks = $util.emptyArray;
        Context.prototype.cluster_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Context.prototype.region_space = false;

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
            if (message.isolation_level != null && $Object.hasOwnProperty.call(message, "isolation_level") && message.isolation_level !== 0)
                writer.uint32(56).int32(message.isolation_level);
            if (message.replica_read != null && $Object.hasOwnProperty.call(message, "replica_read") && message.replica_read !== false)
                writer.uint32(96).bool(message.replica_read);
            if (message.resolved_locks != null && message.resolved_locks.length)
                $wide.writeAll(writer.uint32(106), message.resolved_locks);
            if (message.stale_read != null && $Object.hasOwnProperty.call(message, "stale_read") && message.stale_read !== false)
                writer.uint32(136).bool(message.stale_read);
            if (message.is_retry_request != null && $Object.hasOwnProperty.call(message, "is_retry_request") && message.is_retry_request !== false)
                writer.uint32(160).bool(message.is_retry_request);
            if (message.api_version != null && $Object.hasOwnProperty.call(message, "api_version") && message.api_version !== 0)
                writer.uint32(168).int32(message.api_version);
            if (message.committed_locks != null && message.committed_locks.length)
                $wide.writeAll(writer.uint32(178), message.committed_locks);
            if (message.cluster_id != null && $Object.hasOwnProperty.call(message, "cluster_id") && (typeof message.cluster_id === "object" ? message.cluster_id.low || message.cluster_id.high : message.cluster_id !== 0))
                writer.uint32(280).uint64(message.cluster_id);
            if (message.region_space != null && $Object.hasOwnProperty.call(message, "region_space") && message.region_space !== false)
                writer.uint32(80008).bool(message.region_space);
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
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.isolation_level = value;
                        else
                            delete message.isolation_level;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.replica_read = value;
                        else
                            delete message.replica_read;
                        continue;
                    }
                case 13: {
                        if (wireType === 2) {
                            if (!(message.resolved_locks && message.resolved_locks.length))
                                message.resolved_locks = [];
                            $wide.readAll(reader, message.resolved_locks);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.resolved_locks && message.resolved_locks.length))
                            message.resolved_locks = [];
                        message.resolved_locks.push($wide.read(reader));
                        continue;
                    }
                case 17: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.stale_read = value;
                        else
                            delete message.stale_read;
                        continue;
                    }
                case 20: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.is_retry_request = value;
                        else
                            delete message.is_retry_request;
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
                case 22: {
                        if (wireType === 2) {
                            if (!(message.committed_locks && message.committed_locks.length))
                                message.committed_locks = [];
                            $wide.readAll(reader, message.committed_locks);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.committed_locks && message.committed_locks.length))
                            message.committed_locks = [];
                        message.committed_locks.push($wide.read(reader));
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
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.region_space = value;
                        else
                            delete message.region_space;
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

    kvrpcpb.IsolationLevel = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "SI"] = 0;
        values[valuesById[1] = "RC"] = 1;
        values[valuesById[2] = "RCCheckTS"] = 2;
        return values;
    })();

    kvrpcpb.KvPair = (function() {

        const KvPair = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KvPair.prototype.error = null;
        KvPair.prototype.key = $util.newBuffer([]);
        KvPair.prototype.value = $util.newBuffer([]);
        KvPair.prototype.commit_ts = 0n;

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
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(18).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(26).bytes(message.value);
            if (message.commit_ts != null && $Object.hasOwnProperty.call(message, "commit_ts") && message.commit_ts !== 0n)
                writer.uint32(32).uint64($wide.halves(message.commit_ts));
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
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_ts = value;
                        else
                            delete message.commit_ts;
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
        RawScanResponse.prototype.more = false;

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
            if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                writer.uint32(80008).bool(message.more);
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
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.more = value;
                        else
                            delete message.more;
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

    kvrpcpb.Op = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "Put"] = 0;
        values[valuesById[1] = "Del"] = 1;
        values[valuesById[2] = "Lock"] = 2;
        values[valuesById[3] = "Rollback"] = 3;
        values[valuesById[4] = "Insert"] = 4;
        values[valuesById[5] = "PessimisticLock"] = 5;
        values[valuesById[6] = "CheckNotExists"] = 6;
        return values;
    })();

    kvrpcpb.Assertion = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "None"] = 0;
        values[valuesById[1] = "Exist"] = 1;
        values[valuesById[2] = "NotExist"] = 2;
        return values;
    })();

    kvrpcpb.AssertionLevel = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "Off"] = 0;
        values[valuesById[1] = "Fast"] = 1;
        values[valuesById[2] = "Strict"] = 2;
        return values;
    })();

    kvrpcpb.Action = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "NoAction"] = 0;
        values[valuesById[1] = "TTLExpireRollback"] = 1;
        values[valuesById[2] = "LockNotExistRollback"] = 2;
        values[valuesById[3] = "MinCommitTSPushed"] = 3;
        values[valuesById[4] = "TTLExpirePessimisticRollback"] = 4;
        values[valuesById[5] = "LockNotExistDoNothing"] = 5;
        return values;
    })();

    kvrpcpb.LockInfo = (function() {

        const LockInfo = function (properties) {
            this.secondaries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LockInfo.prototype.primary_lock = $util.newBuffer([]);
        LockInfo.prototype.lock_version = 0n;
        LockInfo.prototype.key = $util.newBuffer([]);
        LockInfo.prototype.lock_ttl = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LockInfo.prototype.txn_size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LockInfo.prototype.lock_type = 0;
        LockInfo.prototype.lock_for_update_ts = 0n;
        LockInfo.prototype.use_async_commit = false;
        LockInfo.prototype.min_commit_ts = 0n;
        LockInfo.prototype.secondaries = $util.emptyArray;

        LockInfo.create = function(properties) {
            return new LockInfo(properties);
        };

        LockInfo.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.primary_lock != null && $Object.hasOwnProperty.call(message, "primary_lock") && message.primary_lock.length)
                writer.uint32(10).bytes(message.primary_lock);
            if (message.lock_version != null && $Object.hasOwnProperty.call(message, "lock_version") && message.lock_version !== 0n)
                writer.uint32(16).uint64($wide.halves(message.lock_version));
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(26).bytes(message.key);
            if (message.lock_ttl != null && $Object.hasOwnProperty.call(message, "lock_ttl") && (typeof message.lock_ttl === "object" ? message.lock_ttl.low || message.lock_ttl.high : message.lock_ttl !== 0))
                writer.uint32(32).uint64(message.lock_ttl);
            if (message.txn_size != null && $Object.hasOwnProperty.call(message, "txn_size") && (typeof message.txn_size === "object" ? message.txn_size.low || message.txn_size.high : message.txn_size !== 0))
                writer.uint32(40).uint64(message.txn_size);
            if (message.lock_type != null && $Object.hasOwnProperty.call(message, "lock_type") && message.lock_type !== 0)
                writer.uint32(48).int32(message.lock_type);
            if (message.lock_for_update_ts != null && $Object.hasOwnProperty.call(message, "lock_for_update_ts") && message.lock_for_update_ts !== 0n)
                writer.uint32(56).uint64($wide.halves(message.lock_for_update_ts));
            if (message.use_async_commit != null && $Object.hasOwnProperty.call(message, "use_async_commit") && message.use_async_commit !== false)
                writer.uint32(64).bool(message.use_async_commit);
            if (message.min_commit_ts != null && $Object.hasOwnProperty.call(message, "min_commit_ts") && message.min_commit_ts !== 0n)
                writer.uint32(72).uint64($wide.halves(message.min_commit_ts));
            if (message.secondaries != null && message.secondaries.length)
                for (let i = 0; i < message.secondaries.length; ++i)
                    writer.uint32(82).bytes(message.secondaries[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LockInfo.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.LockInfo();
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
                            message.primary_lock = value;
                        else
                            delete message.primary_lock;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.lock_version = value;
                        else
                            delete message.lock_version;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lock_ttl = value;
                        else
                            delete message.lock_ttl;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.txn_size = value;
                        else
                            delete message.txn_size;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.lock_type = value;
                        else
                            delete message.lock_type;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.lock_for_update_ts = value;
                        else
                            delete message.lock_for_update_ts;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.use_async_commit = value;
                        else
                            delete message.use_async_commit;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.min_commit_ts = value;
                        else
                            delete message.min_commit_ts;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if (!(message.secondaries && message.secondaries.length))
                            message.secondaries = [];
                        message.secondaries.push(reader.bytes());
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

        return LockInfo;
    })();

    kvrpcpb.WriteConflict = (function() {

        const WriteConflict = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        WriteConflict.prototype.start_ts = 0n;
        WriteConflict.prototype.conflict_ts = 0n;
        WriteConflict.prototype.key = $util.newBuffer([]);
        WriteConflict.prototype.primary = $util.newBuffer([]);
        WriteConflict.prototype.conflict_commit_ts = 0n;
        WriteConflict.prototype.reason = 0;

        WriteConflict.create = function(properties) {
            return new WriteConflict(properties);
        };

        WriteConflict.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.start_ts != null && $Object.hasOwnProperty.call(message, "start_ts") && message.start_ts !== 0n)
                writer.uint32(8).uint64($wide.halves(message.start_ts));
            if (message.conflict_ts != null && $Object.hasOwnProperty.call(message, "conflict_ts") && message.conflict_ts !== 0n)
                writer.uint32(16).uint64($wide.halves(message.conflict_ts));
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(26).bytes(message.key);
            if (message.primary != null && $Object.hasOwnProperty.call(message, "primary") && message.primary.length)
                writer.uint32(34).bytes(message.primary);
            if (message.conflict_commit_ts != null && $Object.hasOwnProperty.call(message, "conflict_commit_ts") && message.conflict_commit_ts !== 0n)
                writer.uint32(40).uint64($wide.halves(message.conflict_commit_ts));
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                writer.uint32(48).int32(message.reason);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        WriteConflict.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.WriteConflict();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_ts = value;
                        else
                            delete message.start_ts;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.conflict_ts = value;
                        else
                            delete message.conflict_ts;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.primary = value;
                        else
                            delete message.primary;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.conflict_commit_ts = value;
                        else
                            delete message.conflict_commit_ts;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
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

        WriteConflict.Reason = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "Unknown"] = 0;
            values[valuesById[1] = "Optimistic"] = 1;
            values[valuesById[2] = "PessimisticRetry"] = 2;
            values[valuesById[3] = "SelfRolledBack"] = 3;
            return values;
        })();

        return WriteConflict;
    })();

    kvrpcpb.AlreadyExist = (function() {

        const AlreadyExist = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AlreadyExist.prototype.key = $util.newBuffer([]);

        AlreadyExist.create = function(properties) {
            return new AlreadyExist(properties);
        };

        AlreadyExist.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(10).bytes(message.key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AlreadyExist.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.AlreadyExist();
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

        return AlreadyExist;
    })();

    kvrpcpb.Deadlock = (function() {

        const Deadlock = function (properties) {
            this.wait_chain = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Deadlock.prototype.lock_ts = 0n;
        Deadlock.prototype.lock_key = $util.newBuffer([]);
        Deadlock.prototype.deadlock_key_hash = 0n;
        Deadlock.prototype.wait_chain = $util.emptyArray;
        Deadlock.prototype.deadlock_key = $util.newBuffer([]);

        Deadlock.create = function(properties) {
            return new Deadlock(properties);
        };

        Deadlock.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.lock_ts != null && $Object.hasOwnProperty.call(message, "lock_ts") && message.lock_ts !== 0n)
                writer.uint32(8).uint64($wide.halves(message.lock_ts));
            if (message.lock_key != null && $Object.hasOwnProperty.call(message, "lock_key") && message.lock_key.length)
                writer.uint32(18).bytes(message.lock_key);
            if (message.deadlock_key_hash != null && $Object.hasOwnProperty.call(message, "deadlock_key_hash") && message.deadlock_key_hash !== 0n)
                writer.uint32(24).uint64($wide.halves(message.deadlock_key_hash));
            if (message.wait_chain != null && message.wait_chain.length)
                for (let i = 0; i < message.wait_chain.length; ++i)
                    $root.deadlock.WaitForEntry.encode(message.wait_chain[i], writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.deadlock_key != null && $Object.hasOwnProperty.call(message, "deadlock_key") && message.deadlock_key.length)
                writer.uint32(42).bytes(message.deadlock_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Deadlock.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.Deadlock();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.lock_ts = value;
                        else
                            delete message.lock_ts;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.lock_key = value;
                        else
                            delete message.lock_key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.deadlock_key_hash = value;
                        else
                            delete message.deadlock_key_hash;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.wait_chain && message.wait_chain.length))
                            message.wait_chain = [];
                        message.wait_chain.push($root.deadlock.WaitForEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.deadlock_key = value;
                        else
                            delete message.deadlock_key;
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

        return Deadlock;
    })();

    kvrpcpb.CommitTsExpired = (function() {

        const CommitTsExpired = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CommitTsExpired.prototype.start_ts = 0n;
        CommitTsExpired.prototype.attempted_commit_ts = 0n;
        CommitTsExpired.prototype.key = $util.newBuffer([]);
        CommitTsExpired.prototype.min_commit_ts = 0n;

        CommitTsExpired.create = function(properties) {
            return new CommitTsExpired(properties);
        };

        CommitTsExpired.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.start_ts != null && $Object.hasOwnProperty.call(message, "start_ts") && message.start_ts !== 0n)
                writer.uint32(8).uint64($wide.halves(message.start_ts));
            if (message.attempted_commit_ts != null && $Object.hasOwnProperty.call(message, "attempted_commit_ts") && message.attempted_commit_ts !== 0n)
                writer.uint32(16).uint64($wide.halves(message.attempted_commit_ts));
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(26).bytes(message.key);
            if (message.min_commit_ts != null && $Object.hasOwnProperty.call(message, "min_commit_ts") && message.min_commit_ts !== 0n)
                writer.uint32(32).uint64($wide.halves(message.min_commit_ts));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CommitTsExpired.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CommitTsExpired();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_ts = value;
                        else
                            delete message.start_ts;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.attempted_commit_ts = value;
                        else
                            delete message.attempted_commit_ts;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.min_commit_ts = value;
                        else
                            delete message.min_commit_ts;
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

        return CommitTsExpired;
    })();

    kvrpcpb.TxnNotFound = (function() {

        const TxnNotFound = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TxnNotFound.prototype.start_ts = 0n;
        TxnNotFound.prototype.primary_key = $util.newBuffer([]);

        TxnNotFound.create = function(properties) {
            return new TxnNotFound(properties);
        };

        TxnNotFound.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.start_ts != null && $Object.hasOwnProperty.call(message, "start_ts") && message.start_ts !== 0n)
                writer.uint32(8).uint64($wide.halves(message.start_ts));
            if (message.primary_key != null && $Object.hasOwnProperty.call(message, "primary_key") && message.primary_key.length)
                writer.uint32(18).bytes(message.primary_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TxnNotFound.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.TxnNotFound();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_ts = value;
                        else
                            delete message.start_ts;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.primary_key = value;
                        else
                            delete message.primary_key;
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

        return TxnNotFound;
    })();

    kvrpcpb.PrimaryMismatch = (function() {

        const PrimaryMismatch = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PrimaryMismatch.prototype.lock_info = null;

        PrimaryMismatch.create = function(properties) {
            return new PrimaryMismatch(properties);
        };

        PrimaryMismatch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.lock_info != null && $Object.hasOwnProperty.call(message, "lock_info"))
                $root.kvrpcpb.LockInfo.encode(message.lock_info, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PrimaryMismatch.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.PrimaryMismatch();
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
                        message.lock_info = $root.kvrpcpb.LockInfo.decode(reader, reader.size(), $undefined, _depth + 1, message.lock_info);
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

        return PrimaryMismatch;
    })();

    kvrpcpb.TxnLockNotFound = (function() {

        const TxnLockNotFound = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TxnLockNotFound.prototype.key = $util.newBuffer([]);

        TxnLockNotFound.create = function(properties) {
            return new TxnLockNotFound(properties);
        };

        TxnLockNotFound.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(10).bytes(message.key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TxnLockNotFound.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.TxnLockNotFound();
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

        return TxnLockNotFound;
    })();

    kvrpcpb.KeyError = (function() {

        const KeyError = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyError.prototype.locked = null;
        KeyError.prototype.retryable = "";
        KeyError.prototype.abort = "";
        KeyError.prototype.conflict = null;
        KeyError.prototype.already_exist = null;
        KeyError.prototype.deadlock = null;
        KeyError.prototype.commit_ts_expired = null;
        KeyError.prototype.txn_not_found = null;
        KeyError.prototype.primary_mismatch = null;
        KeyError.prototype.txn_lock_not_found = null;
        KeyError.prototype.code = "";
        KeyError.prototype.commit_ts = 0n;

        KeyError.create = function(properties) {
            return new KeyError(properties);
        };

        KeyError.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.locked != null && $Object.hasOwnProperty.call(message, "locked"))
                $root.kvrpcpb.LockInfo.encode(message.locked, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.retryable != null && $Object.hasOwnProperty.call(message, "retryable") && message.retryable !== "")
                writer.uint32(18).string(message.retryable);
            if (message.abort != null && $Object.hasOwnProperty.call(message, "abort") && message.abort !== "")
                writer.uint32(26).string(message.abort);
            if (message.conflict != null && $Object.hasOwnProperty.call(message, "conflict"))
                $root.kvrpcpb.WriteConflict.encode(message.conflict, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.already_exist != null && $Object.hasOwnProperty.call(message, "already_exist"))
                $root.kvrpcpb.AlreadyExist.encode(message.already_exist, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.deadlock != null && $Object.hasOwnProperty.call(message, "deadlock"))
                $root.kvrpcpb.Deadlock.encode(message.deadlock, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.commit_ts_expired != null && $Object.hasOwnProperty.call(message, "commit_ts_expired"))
                $root.kvrpcpb.CommitTsExpired.encode(message.commit_ts_expired, writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.txn_not_found != null && $Object.hasOwnProperty.call(message, "txn_not_found"))
                $root.kvrpcpb.TxnNotFound.encode(message.txn_not_found, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.primary_mismatch != null && $Object.hasOwnProperty.call(message, "primary_mismatch"))
                $root.kvrpcpb.PrimaryMismatch.encode(message.primary_mismatch, writer.uint32(90).fork(), _depth + 1).ldelim();
            if (message.txn_lock_not_found != null && $Object.hasOwnProperty.call(message, "txn_lock_not_found"))
                $root.kvrpcpb.TxnLockNotFound.encode(message.txn_lock_not_found, writer.uint32(98).fork(), _depth + 1).ldelim();
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                writer.uint32(80010).string(message.code);
            if (message.commit_ts != null && $Object.hasOwnProperty.call(message, "commit_ts") && message.commit_ts !== 0n)
                writer.uint32(80016).uint64($wide.halves(message.commit_ts));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyError.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.KeyError();
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
                        message.locked = $root.kvrpcpb.LockInfo.decode(reader, reader.size(), $undefined, _depth + 1, message.locked);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.retryable = value;
                        else
                            delete message.retryable;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.abort = value;
                        else
                            delete message.abort;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.conflict = $root.kvrpcpb.WriteConflict.decode(reader, reader.size(), $undefined, _depth + 1, message.conflict);
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.already_exist = $root.kvrpcpb.AlreadyExist.decode(reader, reader.size(), $undefined, _depth + 1, message.already_exist);
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.deadlock = $root.kvrpcpb.Deadlock.decode(reader, reader.size(), $undefined, _depth + 1, message.deadlock);
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.commit_ts_expired = $root.kvrpcpb.CommitTsExpired.decode(reader, reader.size(), $undefined, _depth + 1, message.commit_ts_expired);
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.txn_not_found = $root.kvrpcpb.TxnNotFound.decode(reader, reader.size(), $undefined, _depth + 1, message.txn_not_found);
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.primary_mismatch = $root.kvrpcpb.PrimaryMismatch.decode(reader, reader.size(), $undefined, _depth + 1, message.primary_mismatch);
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        message.txn_lock_not_found = $root.kvrpcpb.TxnLockNotFound.decode(reader, reader.size(), $undefined, _depth + 1, message.txn_lock_not_found);
                        continue;
                    }
                case 10001: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                case 10002: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_ts = value;
                        else
                            delete message.commit_ts;
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

        return KeyError;
    })();

    kvrpcpb.GetRequest = (function() {

        const GetRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetRequest.prototype.context = null;
        GetRequest.prototype.key = $util.newBuffer([]);
        GetRequest.prototype.version = 0n;
        GetRequest.prototype.need_commit_ts = false;

        GetRequest.create = function(properties) {
            return new GetRequest(properties);
        };

        GetRequest.encode = function (message, writer, _depth) {
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
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.version));
            if (message.need_commit_ts != null && $Object.hasOwnProperty.call(message, "need_commit_ts") && message.need_commit_ts !== false)
                writer.uint32(32).bool(message.need_commit_ts);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.GetRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.need_commit_ts = value;
                        else
                            delete message.need_commit_ts;
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

        return GetRequest;
    })();

    kvrpcpb.GetResponse = (function() {

        const GetResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetResponse.prototype.region_error = null;
        GetResponse.prototype.error = null;
        GetResponse.prototype.value = $util.newBuffer([]);
        GetResponse.prototype.not_found = false;

        GetResponse.create = function(properties) {
            return new GetResponse(properties);
        };

        GetResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(26).bytes(message.value);
            if (message.not_found != null && $Object.hasOwnProperty.call(message, "not_found") && message.not_found !== false)
                writer.uint32(32).bool(message.not_found);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.GetResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
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

        return GetResponse;
    })();

    kvrpcpb.BatchGetRequest = (function() {

        const BatchGetRequest = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchGetRequest.prototype.context = null;
        BatchGetRequest.prototype.keys = $util.emptyArray;
        BatchGetRequest.prototype.version = 0n;
        BatchGetRequest.prototype.need_commit_ts = false;

        BatchGetRequest.create = function(properties) {
            return new BatchGetRequest(properties);
        };

        BatchGetRequest.encode = function (message, writer, _depth) {
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
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.version));
            if (message.need_commit_ts != null && $Object.hasOwnProperty.call(message, "need_commit_ts") && message.need_commit_ts !== false)
                writer.uint32(32).bool(message.need_commit_ts);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchGetRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.BatchGetRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.need_commit_ts = value;
                        else
                            delete message.need_commit_ts;
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

        return BatchGetRequest;
    })();

    kvrpcpb.BatchGetResponse = (function() {

        const BatchGetResponse = function (properties) {
            this.pairs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchGetResponse.prototype.region_error = null;
        BatchGetResponse.prototype.pairs = $util.emptyArray;
        BatchGetResponse.prototype.error = null;

        BatchGetResponse.create = function(properties) {
            return new BatchGetResponse(properties);
        };

        BatchGetResponse.encode = function (message, writer, _depth) {
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
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchGetResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.BatchGetResponse();
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
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
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

        return BatchGetResponse;
    })();

    kvrpcpb.ScanRequest = (function() {

        const ScanRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScanRequest.prototype.context = null;
        ScanRequest.prototype.start_key = $util.newBuffer([]);
        ScanRequest.prototype.limit = 0;
        ScanRequest.prototype.version = 0n;
        ScanRequest.prototype.key_only = false;
        ScanRequest.prototype.reverse = false;
        ScanRequest.prototype.end_key = $util.newBuffer([]);
        ScanRequest.prototype.sample_step = 0;

        ScanRequest.create = function(properties) {
            return new ScanRequest(properties);
        };

        ScanRequest.encode = function (message, writer, _depth) {
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
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0n)
                writer.uint32(32).uint64($wide.halves(message.version));
            if (message.key_only != null && $Object.hasOwnProperty.call(message, "key_only") && message.key_only !== false)
                writer.uint32(40).bool(message.key_only);
            if (message.reverse != null && $Object.hasOwnProperty.call(message, "reverse") && message.reverse !== false)
                writer.uint32(48).bool(message.reverse);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(58).bytes(message.end_key);
            if (message.sample_step != null && $Object.hasOwnProperty.call(message, "sample_step") && message.sample_step !== 0)
                writer.uint32(64).uint32(message.sample_step);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScanRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.ScanRequest();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.key_only = value;
                        else
                            delete message.key_only;
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
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.sample_step = value;
                        else
                            delete message.sample_step;
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

        return ScanRequest;
    })();

    kvrpcpb.ScanResponse = (function() {

        const ScanResponse = function (properties) {
            this.pairs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScanResponse.prototype.region_error = null;
        ScanResponse.prototype.pairs = $util.emptyArray;
        ScanResponse.prototype.error = null;
        ScanResponse.prototype.more = false;

        ScanResponse.create = function(properties) {
            return new ScanResponse(properties);
        };

        ScanResponse.encode = function (message, writer, _depth) {
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
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                writer.uint32(80008).bool(message.more);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScanResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.ScanResponse();
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
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.more = value;
                        else
                            delete message.more;
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

        return ScanResponse;
    })();

    kvrpcpb.Mutation = (function() {

        const Mutation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Mutation.prototype.op = 0;
        Mutation.prototype.key = $util.newBuffer([]);
        Mutation.prototype.value = $util.newBuffer([]);
        Mutation.prototype.assertion = 0;

        Mutation.create = function(properties) {
            return new Mutation(properties);
        };

        Mutation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.op != null && $Object.hasOwnProperty.call(message, "op") && message.op !== 0)
                writer.uint32(8).int32(message.op);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(18).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(26).bytes(message.value);
            if (message.assertion != null && $Object.hasOwnProperty.call(message, "assertion") && message.assertion !== 0)
                writer.uint32(32).int32(message.assertion);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Mutation.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.Mutation();
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
                            message.op = value;
                        else
                            delete message.op;
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
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.assertion = value;
                        else
                            delete message.assertion;
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

        return Mutation;
    })();

    kvrpcpb.PrewriteRequest = (function() {

        const PrewriteRequest = function (properties) {
            this.mutations = [];
            this.pessimistic_actions = [];
            this.secondaries = [];
            this.release_keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PrewriteRequest.prototype.context = null;
        PrewriteRequest.prototype.mutations = $util.emptyArray;
        PrewriteRequest.prototype.primary_lock = $util.newBuffer([]);
        PrewriteRequest.prototype.start_version = 0n;
        PrewriteRequest.prototype.lock_ttl = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PrewriteRequest.prototype.skip_constraint_check = false;
        PrewriteRequest.prototype.pessimistic_actions = $util.emptyArray;
        PrewriteRequest.prototype.txn_size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PrewriteRequest.prototype.for_update_ts = 0n;
        PrewriteRequest.prototype.min_commit_ts = 0n;
        PrewriteRequest.prototype.use_async_commit = false;
        PrewriteRequest.prototype.secondaries = $util.emptyArray;
        PrewriteRequest.prototype.try_one_pc = false;
        PrewriteRequest.prototype.max_commit_ts = 0n;
        PrewriteRequest.prototype.assertion_level = 0;
        PrewriteRequest.prototype.release_keys = $util.emptyArray;

        PrewriteRequest.create = function(properties) {
            return new PrewriteRequest(properties);
        };

        PrewriteRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.mutations != null && message.mutations.length)
                for (let i = 0; i < message.mutations.length; ++i)
                    $root.kvrpcpb.Mutation.encode(message.mutations[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.primary_lock != null && $Object.hasOwnProperty.call(message, "primary_lock") && message.primary_lock.length)
                writer.uint32(26).bytes(message.primary_lock);
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(32).uint64($wide.halves(message.start_version));
            if (message.lock_ttl != null && $Object.hasOwnProperty.call(message, "lock_ttl") && (typeof message.lock_ttl === "object" ? message.lock_ttl.low || message.lock_ttl.high : message.lock_ttl !== 0))
                writer.uint32(40).uint64(message.lock_ttl);
            if (message.skip_constraint_check != null && $Object.hasOwnProperty.call(message, "skip_constraint_check") && message.skip_constraint_check !== false)
                writer.uint32(48).bool(message.skip_constraint_check);
            if (message.pessimistic_actions != null && message.pessimistic_actions.length)
                writer.uint32(58).int32s(message.pessimistic_actions);
            if (message.txn_size != null && $Object.hasOwnProperty.call(message, "txn_size") && (typeof message.txn_size === "object" ? message.txn_size.low || message.txn_size.high : message.txn_size !== 0))
                writer.uint32(64).uint64(message.txn_size);
            if (message.for_update_ts != null && $Object.hasOwnProperty.call(message, "for_update_ts") && message.for_update_ts !== 0n)
                writer.uint32(72).uint64($wide.halves(message.for_update_ts));
            if (message.min_commit_ts != null && $Object.hasOwnProperty.call(message, "min_commit_ts") && message.min_commit_ts !== 0n)
                writer.uint32(80).uint64($wide.halves(message.min_commit_ts));
            if (message.use_async_commit != null && $Object.hasOwnProperty.call(message, "use_async_commit") && message.use_async_commit !== false)
                writer.uint32(88).bool(message.use_async_commit);
            if (message.secondaries != null && message.secondaries.length)
                for (let i = 0; i < message.secondaries.length; ++i)
                    writer.uint32(98).bytes(message.secondaries[i]);
            if (message.try_one_pc != null && $Object.hasOwnProperty.call(message, "try_one_pc") && message.try_one_pc !== false)
                writer.uint32(104).bool(message.try_one_pc);
            if (message.max_commit_ts != null && $Object.hasOwnProperty.call(message, "max_commit_ts") && message.max_commit_ts !== 0n)
                writer.uint32(112).uint64($wide.halves(message.max_commit_ts));
            if (message.assertion_level != null && $Object.hasOwnProperty.call(message, "assertion_level") && message.assertion_level !== 0)
                writer.uint32(120).int32(message.assertion_level);
            if (message.release_keys != null && message.release_keys.length)
                for (let i = 0; i < message.release_keys.length; ++i)
                    writer.uint32(80010).bytes(message.release_keys[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PrewriteRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.PrewriteRequest();
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
                        if (!(message.mutations && message.mutations.length))
                            message.mutations = [];
                        message.mutations.push($root.kvrpcpb.Mutation.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.primary_lock = value;
                        else
                            delete message.primary_lock;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lock_ttl = value;
                        else
                            delete message.lock_ttl;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.skip_constraint_check = value;
                        else
                            delete message.skip_constraint_check;
                        continue;
                    }
                case 7: {
                        if (wireType === 2) {
                            if (!(message.pessimistic_actions && message.pessimistic_actions.length))
                                message.pessimistic_actions = [];
                            reader.int32s(message.pessimistic_actions);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.pessimistic_actions && message.pessimistic_actions.length))
                            message.pessimistic_actions = [];
                        message.pessimistic_actions.push(reader.int32());
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.txn_size = value;
                        else
                            delete message.txn_size;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.for_update_ts = value;
                        else
                            delete message.for_update_ts;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.min_commit_ts = value;
                        else
                            delete message.min_commit_ts;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.use_async_commit = value;
                        else
                            delete message.use_async_commit;
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        if (!(message.secondaries && message.secondaries.length))
                            message.secondaries = [];
                        message.secondaries.push(reader.bytes());
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.try_one_pc = value;
                        else
                            delete message.try_one_pc;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.max_commit_ts = value;
                        else
                            delete message.max_commit_ts;
                        continue;
                    }
                case 15: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.assertion_level = value;
                        else
                            delete message.assertion_level;
                        continue;
                    }
                case 10001: {
                        if (wireType !== 2)
                            break;
                        if (!(message.release_keys && message.release_keys.length))
                            message.release_keys = [];
                        message.release_keys.push(reader.bytes());
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

        PrewriteRequest.PessimisticAction = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "SKIP_PESSIMISTIC_CHECK"] = 0;
            values[valuesById[1] = "DO_PESSIMISTIC_CHECK"] = 1;
            values[valuesById[2] = "DO_CONSTRAINT_CHECK"] = 2;
            return values;
        })();

        return PrewriteRequest;
    })();

    kvrpcpb.PrewriteResponse = (function() {

        const PrewriteResponse = function (properties) {
            this.errors = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PrewriteResponse.prototype.region_error = null;
        PrewriteResponse.prototype.errors = $util.emptyArray;
        PrewriteResponse.prototype.min_commit_ts = 0n;
        PrewriteResponse.prototype.one_pc_commit_ts = 0n;

        PrewriteResponse.create = function(properties) {
            return new PrewriteResponse(properties);
        };

        PrewriteResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.errors != null && message.errors.length)
                for (let i = 0; i < message.errors.length; ++i)
                    $root.kvrpcpb.KeyError.encode(message.errors[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.min_commit_ts != null && $Object.hasOwnProperty.call(message, "min_commit_ts") && message.min_commit_ts !== 0n)
                writer.uint32(24).uint64($wide.halves(message.min_commit_ts));
            if (message.one_pc_commit_ts != null && $Object.hasOwnProperty.call(message, "one_pc_commit_ts") && message.one_pc_commit_ts !== 0n)
                writer.uint32(32).uint64($wide.halves(message.one_pc_commit_ts));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PrewriteResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.PrewriteResponse();
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
                        if (!(message.errors && message.errors.length))
                            message.errors = [];
                        message.errors.push($root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.min_commit_ts = value;
                        else
                            delete message.min_commit_ts;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.one_pc_commit_ts = value;
                        else
                            delete message.one_pc_commit_ts;
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

        return PrewriteResponse;
    })();

    kvrpcpb.PessimisticLockRequest = (function() {

        const PessimisticLockRequest = function (properties) {
            this.mutations = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PessimisticLockRequest.prototype.context = null;
        PessimisticLockRequest.prototype.mutations = $util.emptyArray;
        PessimisticLockRequest.prototype.primary_lock = $util.newBuffer([]);
        PessimisticLockRequest.prototype.start_version = 0n;
        PessimisticLockRequest.prototype.lock_ttl = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PessimisticLockRequest.prototype.for_update_ts = 0n;
        PessimisticLockRequest.prototype.is_first_lock = false;
        PessimisticLockRequest.prototype.wait_timeout = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        PessimisticLockRequest.prototype.return_values = false;
        PessimisticLockRequest.prototype.min_commit_ts = 0n;
        PessimisticLockRequest.prototype.check_existence = false;
        PessimisticLockRequest.prototype.lock_only_if_exists = false;
        PessimisticLockRequest.prototype.wake_up_mode = 0;
        PessimisticLockRequest.prototype.lock_on_conflict = false;
        PessimisticLockRequest.prototype.skip_locked = false;

        PessimisticLockRequest.create = function(properties) {
            return new PessimisticLockRequest(properties);
        };

        PessimisticLockRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.mutations != null && message.mutations.length)
                for (let i = 0; i < message.mutations.length; ++i)
                    $root.kvrpcpb.Mutation.encode(message.mutations[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.primary_lock != null && $Object.hasOwnProperty.call(message, "primary_lock") && message.primary_lock.length)
                writer.uint32(26).bytes(message.primary_lock);
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(32).uint64($wide.halves(message.start_version));
            if (message.lock_ttl != null && $Object.hasOwnProperty.call(message, "lock_ttl") && (typeof message.lock_ttl === "object" ? message.lock_ttl.low || message.lock_ttl.high : message.lock_ttl !== 0))
                writer.uint32(40).uint64(message.lock_ttl);
            if (message.for_update_ts != null && $Object.hasOwnProperty.call(message, "for_update_ts") && message.for_update_ts !== 0n)
                writer.uint32(48).uint64($wide.halves(message.for_update_ts));
            if (message.is_first_lock != null && $Object.hasOwnProperty.call(message, "is_first_lock") && message.is_first_lock !== false)
                writer.uint32(56).bool(message.is_first_lock);
            if (message.wait_timeout != null && $Object.hasOwnProperty.call(message, "wait_timeout") && (typeof message.wait_timeout === "object" ? message.wait_timeout.low || message.wait_timeout.high : message.wait_timeout !== 0))
                writer.uint32(64).int64(message.wait_timeout);
            if (message.return_values != null && $Object.hasOwnProperty.call(message, "return_values") && message.return_values !== false)
                writer.uint32(80).bool(message.return_values);
            if (message.min_commit_ts != null && $Object.hasOwnProperty.call(message, "min_commit_ts") && message.min_commit_ts !== 0n)
                writer.uint32(88).uint64($wide.halves(message.min_commit_ts));
            if (message.check_existence != null && $Object.hasOwnProperty.call(message, "check_existence") && message.check_existence !== false)
                writer.uint32(96).bool(message.check_existence);
            if (message.lock_only_if_exists != null && $Object.hasOwnProperty.call(message, "lock_only_if_exists") && message.lock_only_if_exists !== false)
                writer.uint32(104).bool(message.lock_only_if_exists);
            if (message.wake_up_mode != null && $Object.hasOwnProperty.call(message, "wake_up_mode") && message.wake_up_mode !== 0)
                writer.uint32(112).int32(message.wake_up_mode);
            if (message.lock_on_conflict != null && $Object.hasOwnProperty.call(message, "lock_on_conflict") && message.lock_on_conflict !== false)
                writer.uint32(80008).bool(message.lock_on_conflict);
            if (message.skip_locked != null && $Object.hasOwnProperty.call(message, "skip_locked") && message.skip_locked !== false)
                writer.uint32(80016).bool(message.skip_locked);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PessimisticLockRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.PessimisticLockRequest();
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
                        if (!(message.mutations && message.mutations.length))
                            message.mutations = [];
                        message.mutations.push($root.kvrpcpb.Mutation.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.primary_lock = value;
                        else
                            delete message.primary_lock;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lock_ttl = value;
                        else
                            delete message.lock_ttl;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.for_update_ts = value;
                        else
                            delete message.for_update_ts;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.is_first_lock = value;
                        else
                            delete message.is_first_lock;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.wait_timeout = value;
                        else
                            delete message.wait_timeout;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.return_values = value;
                        else
                            delete message.return_values;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.min_commit_ts = value;
                        else
                            delete message.min_commit_ts;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.check_existence = value;
                        else
                            delete message.check_existence;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.lock_only_if_exists = value;
                        else
                            delete message.lock_only_if_exists;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.wake_up_mode = value;
                        else
                            delete message.wake_up_mode;
                        continue;
                    }
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.lock_on_conflict = value;
                        else
                            delete message.lock_on_conflict;
                        continue;
                    }
                case 10002: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.skip_locked = value;
                        else
                            delete message.skip_locked;
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

        return PessimisticLockRequest;
    })();

    kvrpcpb.PessimisticLockResponse = (function() {

        const PessimisticLockResponse = function (properties) {
            this.errors = [];
            this.values = [];
            this.not_founds = [];
            this.skipped = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PessimisticLockResponse.prototype.region_error = null;
        PessimisticLockResponse.prototype.errors = $util.emptyArray;
        PessimisticLockResponse.prototype.values = $util.emptyArray;
        PessimisticLockResponse.prototype.not_founds = $util.emptyArray;
        PessimisticLockResponse.prototype.skipped = $util.emptyArray;

        PessimisticLockResponse.create = function(properties) {
            return new PessimisticLockResponse(properties);
        };

        PessimisticLockResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.errors != null && message.errors.length)
                for (let i = 0; i < message.errors.length; ++i)
                    $root.kvrpcpb.KeyError.encode(message.errors[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.values != null && message.values.length)
                for (let i = 0; i < message.values.length; ++i)
                    writer.uint32(42).bytes(message.values[i]);
            if (message.not_founds != null && message.not_founds.length)
                writer.uint32(50).bools(message.not_founds);
            if (message.skipped != null && message.skipped.length)
                writer.uint32(80018).bools(message.skipped);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PessimisticLockResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.PessimisticLockResponse();
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
                        if (!(message.errors && message.errors.length))
                            message.errors = [];
                        message.errors.push($root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.values && message.values.length))
                            message.values = [];
                        message.values.push(reader.bytes());
                        continue;
                    }
                case 6: {
                        if (wireType === 2) {
                            if (!(message.not_founds && message.not_founds.length))
                                message.not_founds = [];
                            reader.bools(message.not_founds);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.not_founds && message.not_founds.length))
                            message.not_founds = [];
                        message.not_founds.push(reader.bool());
                        continue;
                    }
                case 10002: {
                        if (wireType === 2) {
                            if (!(message.skipped && message.skipped.length))
                                message.skipped = [];
                            reader.bools(message.skipped);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.skipped && message.skipped.length))
                            message.skipped = [];
                        message.skipped.push(reader.bool());
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

        return PessimisticLockResponse;
    })();

    kvrpcpb.PessimisticRollbackRequest = (function() {

        const PessimisticRollbackRequest = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PessimisticRollbackRequest.prototype.context = null;
        PessimisticRollbackRequest.prototype.start_version = 0n;
        PessimisticRollbackRequest.prototype.for_update_ts = 0n;
        PessimisticRollbackRequest.prototype.keys = $util.emptyArray;

        PessimisticRollbackRequest.create = function(properties) {
            return new PessimisticRollbackRequest(properties);
        };

        PessimisticRollbackRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(16).uint64($wide.halves(message.start_version));
            if (message.for_update_ts != null && $Object.hasOwnProperty.call(message, "for_update_ts") && message.for_update_ts !== 0n)
                writer.uint32(24).uint64($wide.halves(message.for_update_ts));
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(34).bytes(message.keys[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PessimisticRollbackRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.PessimisticRollbackRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.for_update_ts = value;
                        else
                            delete message.for_update_ts;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
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

        return PessimisticRollbackRequest;
    })();

    kvrpcpb.PessimisticRollbackResponse = (function() {

        const PessimisticRollbackResponse = function (properties) {
            this.errors = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PessimisticRollbackResponse.prototype.region_error = null;
        PessimisticRollbackResponse.prototype.errors = $util.emptyArray;

        PessimisticRollbackResponse.create = function(properties) {
            return new PessimisticRollbackResponse(properties);
        };

        PessimisticRollbackResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.errors != null && message.errors.length)
                for (let i = 0; i < message.errors.length; ++i)
                    $root.kvrpcpb.KeyError.encode(message.errors[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PessimisticRollbackResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.PessimisticRollbackResponse();
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
                        if (!(message.errors && message.errors.length))
                            message.errors = [];
                        message.errors.push($root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return PessimisticRollbackResponse;
    })();

    kvrpcpb.TxnHeartBeatRequest = (function() {

        const TxnHeartBeatRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TxnHeartBeatRequest.prototype.context = null;
        TxnHeartBeatRequest.prototype.primary_lock = $util.newBuffer([]);
        TxnHeartBeatRequest.prototype.start_version = 0n;
        TxnHeartBeatRequest.prototype.advise_lock_ttl = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        TxnHeartBeatRequest.create = function(properties) {
            return new TxnHeartBeatRequest(properties);
        };

        TxnHeartBeatRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.primary_lock != null && $Object.hasOwnProperty.call(message, "primary_lock") && message.primary_lock.length)
                writer.uint32(18).bytes(message.primary_lock);
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.start_version));
            if (message.advise_lock_ttl != null && $Object.hasOwnProperty.call(message, "advise_lock_ttl") && (typeof message.advise_lock_ttl === "object" ? message.advise_lock_ttl.low || message.advise_lock_ttl.high : message.advise_lock_ttl !== 0))
                writer.uint32(32).uint64(message.advise_lock_ttl);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TxnHeartBeatRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.TxnHeartBeatRequest();
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
                            message.primary_lock = value;
                        else
                            delete message.primary_lock;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.advise_lock_ttl = value;
                        else
                            delete message.advise_lock_ttl;
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

        return TxnHeartBeatRequest;
    })();

    kvrpcpb.TxnHeartBeatResponse = (function() {

        const TxnHeartBeatResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TxnHeartBeatResponse.prototype.region_error = null;
        TxnHeartBeatResponse.prototype.error = null;
        TxnHeartBeatResponse.prototype.lock_ttl = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        TxnHeartBeatResponse.create = function(properties) {
            return new TxnHeartBeatResponse(properties);
        };

        TxnHeartBeatResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.lock_ttl != null && $Object.hasOwnProperty.call(message, "lock_ttl") && (typeof message.lock_ttl === "object" ? message.lock_ttl.low || message.lock_ttl.high : message.lock_ttl !== 0))
                writer.uint32(24).uint64(message.lock_ttl);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TxnHeartBeatResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.TxnHeartBeatResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lock_ttl = value;
                        else
                            delete message.lock_ttl;
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

        return TxnHeartBeatResponse;
    })();

    kvrpcpb.CheckTxnStatusRequest = (function() {

        const CheckTxnStatusRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CheckTxnStatusRequest.prototype.context = null;
        CheckTxnStatusRequest.prototype.primary_key = $util.newBuffer([]);
        CheckTxnStatusRequest.prototype.lock_ts = 0n;
        CheckTxnStatusRequest.prototype.caller_start_ts = 0n;
        CheckTxnStatusRequest.prototype.current_ts = 0n;
        CheckTxnStatusRequest.prototype.rollback_if_not_exist = false;
        CheckTxnStatusRequest.prototype.force_sync_commit = false;
        CheckTxnStatusRequest.prototype.resolving_pessimistic_lock = false;
        CheckTxnStatusRequest.prototype.verify_is_primary = false;

        CheckTxnStatusRequest.create = function(properties) {
            return new CheckTxnStatusRequest(properties);
        };

        CheckTxnStatusRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.primary_key != null && $Object.hasOwnProperty.call(message, "primary_key") && message.primary_key.length)
                writer.uint32(18).bytes(message.primary_key);
            if (message.lock_ts != null && $Object.hasOwnProperty.call(message, "lock_ts") && message.lock_ts !== 0n)
                writer.uint32(24).uint64($wide.halves(message.lock_ts));
            if (message.caller_start_ts != null && $Object.hasOwnProperty.call(message, "caller_start_ts") && message.caller_start_ts !== 0n)
                writer.uint32(32).uint64($wide.halves(message.caller_start_ts));
            if (message.current_ts != null && $Object.hasOwnProperty.call(message, "current_ts") && message.current_ts !== 0n)
                writer.uint32(40).uint64($wide.halves(message.current_ts));
            if (message.rollback_if_not_exist != null && $Object.hasOwnProperty.call(message, "rollback_if_not_exist") && message.rollback_if_not_exist !== false)
                writer.uint32(48).bool(message.rollback_if_not_exist);
            if (message.force_sync_commit != null && $Object.hasOwnProperty.call(message, "force_sync_commit") && message.force_sync_commit !== false)
                writer.uint32(56).bool(message.force_sync_commit);
            if (message.resolving_pessimistic_lock != null && $Object.hasOwnProperty.call(message, "resolving_pessimistic_lock") && message.resolving_pessimistic_lock !== false)
                writer.uint32(64).bool(message.resolving_pessimistic_lock);
            if (message.verify_is_primary != null && $Object.hasOwnProperty.call(message, "verify_is_primary") && message.verify_is_primary !== false)
                writer.uint32(72).bool(message.verify_is_primary);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CheckTxnStatusRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CheckTxnStatusRequest();
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
                            message.primary_key = value;
                        else
                            delete message.primary_key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.lock_ts = value;
                        else
                            delete message.lock_ts;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.caller_start_ts = value;
                        else
                            delete message.caller_start_ts;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.current_ts = value;
                        else
                            delete message.current_ts;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.rollback_if_not_exist = value;
                        else
                            delete message.rollback_if_not_exist;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.force_sync_commit = value;
                        else
                            delete message.force_sync_commit;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.resolving_pessimistic_lock = value;
                        else
                            delete message.resolving_pessimistic_lock;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.verify_is_primary = value;
                        else
                            delete message.verify_is_primary;
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

        return CheckTxnStatusRequest;
    })();

    kvrpcpb.CheckTxnStatusResponse = (function() {

        const CheckTxnStatusResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CheckTxnStatusResponse.prototype.region_error = null;
        CheckTxnStatusResponse.prototype.error = null;
        CheckTxnStatusResponse.prototype.lock_ttl = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CheckTxnStatusResponse.prototype.commit_version = 0n;
        CheckTxnStatusResponse.prototype.action = 0;
        CheckTxnStatusResponse.prototype.lock_info = null;

        CheckTxnStatusResponse.create = function(properties) {
            return new CheckTxnStatusResponse(properties);
        };

        CheckTxnStatusResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.lock_ttl != null && $Object.hasOwnProperty.call(message, "lock_ttl") && (typeof message.lock_ttl === "object" ? message.lock_ttl.low || message.lock_ttl.high : message.lock_ttl !== 0))
                writer.uint32(24).uint64(message.lock_ttl);
            if (message.commit_version != null && $Object.hasOwnProperty.call(message, "commit_version") && message.commit_version !== 0n)
                writer.uint32(32).uint64($wide.halves(message.commit_version));
            if (message.action != null && $Object.hasOwnProperty.call(message, "action") && message.action !== 0)
                writer.uint32(40).int32(message.action);
            if (message.lock_info != null && $Object.hasOwnProperty.call(message, "lock_info"))
                $root.kvrpcpb.LockInfo.encode(message.lock_info, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CheckTxnStatusResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CheckTxnStatusResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lock_ttl = value;
                        else
                            delete message.lock_ttl;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_version = value;
                        else
                            delete message.commit_version;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.action = value;
                        else
                            delete message.action;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.lock_info = $root.kvrpcpb.LockInfo.decode(reader, reader.size(), $undefined, _depth + 1, message.lock_info);
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

        return CheckTxnStatusResponse;
    })();

    kvrpcpb.CommitRequest = (function() {

        const CommitRequest = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CommitRequest.prototype.context = null;
        CommitRequest.prototype.start_version = 0n;
        CommitRequest.prototype.keys = $util.emptyArray;
        CommitRequest.prototype.commit_version = 0n;

        CommitRequest.create = function(properties) {
            return new CommitRequest(properties);
        };

        CommitRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(16).uint64($wide.halves(message.start_version));
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(26).bytes(message.keys[i]);
            if (message.commit_version != null && $Object.hasOwnProperty.call(message, "commit_version") && message.commit_version !== 0n)
                writer.uint32(32).uint64($wide.halves(message.commit_version));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CommitRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CommitRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_version = value;
                        else
                            delete message.commit_version;
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

        return CommitRequest;
    })();

    kvrpcpb.CommitResponse = (function() {

        const CommitResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CommitResponse.prototype.region_error = null;
        CommitResponse.prototype.error = null;
        CommitResponse.prototype.commit_version = 0n;

        CommitResponse.create = function(properties) {
            return new CommitResponse(properties);
        };

        CommitResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.commit_version != null && $Object.hasOwnProperty.call(message, "commit_version") && message.commit_version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.commit_version));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CommitResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CommitResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_version = value;
                        else
                            delete message.commit_version;
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

        return CommitResponse;
    })();

    kvrpcpb.CleanupRequest = (function() {

        const CleanupRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CleanupRequest.prototype.context = null;
        CleanupRequest.prototype.key = $util.newBuffer([]);
        CleanupRequest.prototype.start_version = 0n;
        CleanupRequest.prototype.current_ts = 0n;

        CleanupRequest.create = function(properties) {
            return new CleanupRequest(properties);
        };

        CleanupRequest.encode = function (message, writer, _depth) {
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
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.start_version));
            if (message.current_ts != null && $Object.hasOwnProperty.call(message, "current_ts") && message.current_ts !== 0n)
                writer.uint32(32).uint64($wide.halves(message.current_ts));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CleanupRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CleanupRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.current_ts = value;
                        else
                            delete message.current_ts;
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

        return CleanupRequest;
    })();

    kvrpcpb.CleanupResponse = (function() {

        const CleanupResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CleanupResponse.prototype.region_error = null;
        CleanupResponse.prototype.error = null;
        CleanupResponse.prototype.commit_version = 0n;

        CleanupResponse.create = function(properties) {
            return new CleanupResponse(properties);
        };

        CleanupResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.commit_version != null && $Object.hasOwnProperty.call(message, "commit_version") && message.commit_version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.commit_version));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CleanupResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CleanupResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_version = value;
                        else
                            delete message.commit_version;
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

        return CleanupResponse;
    })();

    kvrpcpb.BatchRollbackRequest = (function() {

        const BatchRollbackRequest = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchRollbackRequest.prototype.context = null;
        BatchRollbackRequest.prototype.start_version = 0n;
        BatchRollbackRequest.prototype.keys = $util.emptyArray;

        BatchRollbackRequest.create = function(properties) {
            return new BatchRollbackRequest(properties);
        };

        BatchRollbackRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(16).uint64($wide.halves(message.start_version));
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(26).bytes(message.keys[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchRollbackRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.BatchRollbackRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
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

        return BatchRollbackRequest;
    })();

    kvrpcpb.BatchRollbackResponse = (function() {

        const BatchRollbackResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BatchRollbackResponse.prototype.region_error = null;
        BatchRollbackResponse.prototype.error = null;

        BatchRollbackResponse.create = function(properties) {
            return new BatchRollbackResponse(properties);
        };

        BatchRollbackResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BatchRollbackResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.BatchRollbackResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
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

        return BatchRollbackResponse;
    })();

    kvrpcpb.ScanLockRequest = (function() {

        const ScanLockRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScanLockRequest.prototype.context = null;
        ScanLockRequest.prototype.max_version = 0n;
        ScanLockRequest.prototype.start_key = $util.newBuffer([]);
        ScanLockRequest.prototype.limit = 0;
        ScanLockRequest.prototype.end_key = $util.newBuffer([]);

        ScanLockRequest.create = function(properties) {
            return new ScanLockRequest(properties);
        };

        ScanLockRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.max_version != null && $Object.hasOwnProperty.call(message, "max_version") && message.max_version !== 0n)
                writer.uint32(16).uint64($wide.halves(message.max_version));
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(26).bytes(message.start_key);
            if (message.limit != null && $Object.hasOwnProperty.call(message, "limit") && message.limit !== 0)
                writer.uint32(32).uint32(message.limit);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(42).bytes(message.end_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScanLockRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.ScanLockRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.max_version = value;
                        else
                            delete message.max_version;
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
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.limit = value;
                        else
                            delete message.limit;
                        continue;
                    }
                case 5: {
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

        return ScanLockRequest;
    })();

    kvrpcpb.ScanLockResponse = (function() {

        const ScanLockResponse = function (properties) {
            this.locks = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScanLockResponse.prototype.region_error = null;
        ScanLockResponse.prototype.error = null;
        ScanLockResponse.prototype.locks = $util.emptyArray;

        ScanLockResponse.create = function(properties) {
            return new ScanLockResponse(properties);
        };

        ScanLockResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.locks != null && message.locks.length)
                for (let i = 0; i < message.locks.length; ++i)
                    $root.kvrpcpb.LockInfo.encode(message.locks[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScanLockResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.ScanLockResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.locks && message.locks.length))
                            message.locks = [];
                        message.locks.push($root.kvrpcpb.LockInfo.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return ScanLockResponse;
    })();

    kvrpcpb.TxnInfo = (function() {

        const TxnInfo = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TxnInfo.prototype.txn = 0n;
        TxnInfo.prototype.status = 0n;

        TxnInfo.create = function(properties) {
            return new TxnInfo(properties);
        };

        TxnInfo.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.txn != null && $Object.hasOwnProperty.call(message, "txn") && message.txn !== 0n)
                writer.uint32(8).uint64($wide.halves(message.txn));
            if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0n)
                writer.uint32(16).uint64($wide.halves(message.status));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TxnInfo.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.TxnInfo();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.txn = value;
                        else
                            delete message.txn;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
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

        return TxnInfo;
    })();

    kvrpcpb.ResolveLockRequest = (function() {

        const ResolveLockRequest = function (properties) {
            this.txn_infos = [];
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ResolveLockRequest.prototype.context = null;
        ResolveLockRequest.prototype.start_version = 0n;
        ResolveLockRequest.prototype.commit_version = 0n;
        ResolveLockRequest.prototype.txn_infos = $util.emptyArray;
        ResolveLockRequest.prototype.keys = $util.emptyArray;

        ResolveLockRequest.create = function(properties) {
            return new ResolveLockRequest(properties);
        };

        ResolveLockRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(16).uint64($wide.halves(message.start_version));
            if (message.commit_version != null && $Object.hasOwnProperty.call(message, "commit_version") && message.commit_version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.commit_version));
            if (message.txn_infos != null && message.txn_infos.length)
                for (let i = 0; i < message.txn_infos.length; ++i)
                    $root.kvrpcpb.TxnInfo.encode(message.txn_infos[i], writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(42).bytes(message.keys[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ResolveLockRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.ResolveLockRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_version = value;
                        else
                            delete message.commit_version;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.txn_infos && message.txn_infos.length))
                            message.txn_infos = [];
                        message.txn_infos.push($root.kvrpcpb.TxnInfo.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
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

        return ResolveLockRequest;
    })();

    kvrpcpb.ResolveLockResponse = (function() {

        const ResolveLockResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ResolveLockResponse.prototype.region_error = null;
        ResolveLockResponse.prototype.error = null;
        ResolveLockResponse.prototype.count = 0;

        ResolveLockResponse.create = function(properties) {
            return new ResolveLockResponse(properties);
        };

        ResolveLockResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                writer.uint32(80008).uint32(message.count);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ResolveLockResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.ResolveLockResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.count = value;
                        else
                            delete message.count;
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

        return ResolveLockResponse;
    })();

    kvrpcpb.CheckSecondaryLocksRequest = (function() {

        const CheckSecondaryLocksRequest = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CheckSecondaryLocksRequest.prototype.context = null;
        CheckSecondaryLocksRequest.prototype.keys = $util.emptyArray;
        CheckSecondaryLocksRequest.prototype.start_version = 0n;

        CheckSecondaryLocksRequest.create = function(properties) {
            return new CheckSecondaryLocksRequest(properties);
        };

        CheckSecondaryLocksRequest.encode = function (message, writer, _depth) {
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
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.start_version));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CheckSecondaryLocksRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CheckSecondaryLocksRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
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

        return CheckSecondaryLocksRequest;
    })();

    kvrpcpb.CheckSecondaryLocksResponse = (function() {

        const CheckSecondaryLocksResponse = function (properties) {
            this.locks = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CheckSecondaryLocksResponse.prototype.region_error = null;
        CheckSecondaryLocksResponse.prototype.error = null;
        CheckSecondaryLocksResponse.prototype.locks = $util.emptyArray;
        CheckSecondaryLocksResponse.prototype.commit_ts = 0n;

        CheckSecondaryLocksResponse.create = function(properties) {
            return new CheckSecondaryLocksResponse(properties);
        };

        CheckSecondaryLocksResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.kvrpcpb.KeyError.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.locks != null && message.locks.length)
                for (let i = 0; i < message.locks.length; ++i)
                    $root.kvrpcpb.LockInfo.encode(message.locks[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.commit_ts != null && $Object.hasOwnProperty.call(message, "commit_ts") && message.commit_ts !== 0n)
                writer.uint32(32).uint64($wide.halves(message.commit_ts));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CheckSecondaryLocksResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.CheckSecondaryLocksResponse();
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
                        message.error = $root.kvrpcpb.KeyError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.locks && message.locks.length))
                            message.locks = [];
                        message.locks.push($root.kvrpcpb.LockInfo.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_ts = value;
                        else
                            delete message.commit_ts;
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

        return CheckSecondaryLocksResponse;
    })();

    kvrpcpb.KeyRange = (function() {

        const KeyRange = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyRange.prototype.start_key = $util.newBuffer([]);
        KeyRange.prototype.end_key = $util.newBuffer([]);

        KeyRange.create = function(properties) {
            return new KeyRange(properties);
        };

        KeyRange.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(10).bytes(message.start_key);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(18).bytes(message.end_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyRange.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.KeyRange();
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
                            message.start_key = value;
                        else
                            delete message.start_key;
                        continue;
                    }
                case 2: {
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

        return KeyRange;
    })();

    kvrpcpb.StoreSafeTSRequest = (function() {

        const StoreSafeTSRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StoreSafeTSRequest.prototype.key_range = null;

        StoreSafeTSRequest.create = function(properties) {
            return new StoreSafeTSRequest(properties);
        };

        StoreSafeTSRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_range != null && $Object.hasOwnProperty.call(message, "key_range"))
                $root.kvrpcpb.KeyRange.encode(message.key_range, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StoreSafeTSRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.StoreSafeTSRequest();
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
                        message.key_range = $root.kvrpcpb.KeyRange.decode(reader, reader.size(), $undefined, _depth + 1, message.key_range);
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

        return StoreSafeTSRequest;
    })();

    kvrpcpb.StoreSafeTSResponse = (function() {

        const StoreSafeTSResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StoreSafeTSResponse.prototype.safe_ts = 0n;

        StoreSafeTSResponse.create = function(properties) {
            return new StoreSafeTSResponse(properties);
        };

        StoreSafeTSResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.safe_ts != null && $Object.hasOwnProperty.call(message, "safe_ts") && message.safe_ts !== 0n)
                writer.uint32(8).uint64($wide.halves(message.safe_ts));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StoreSafeTSResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.StoreSafeTSResponse();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.safe_ts = value;
                        else
                            delete message.safe_ts;
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

        return StoreSafeTSResponse;
    })();

    kvrpcpb.WhenUnlockedRequest = (function() {

        const WhenUnlockedRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        WhenUnlockedRequest.prototype.context = null;
        WhenUnlockedRequest.prototype.key = $util.newBuffer([]);
        WhenUnlockedRequest.prototype.start_version = 0n;
        WhenUnlockedRequest.prototype.timeout_ms = 0;

        WhenUnlockedRequest.create = function(properties) {
            return new WhenUnlockedRequest(properties);
        };

        WhenUnlockedRequest.encode = function (message, writer, _depth) {
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
            if (message.start_version != null && $Object.hasOwnProperty.call(message, "start_version") && message.start_version !== 0n)
                writer.uint32(24).uint64($wide.halves(message.start_version));
            if (message.timeout_ms != null && $Object.hasOwnProperty.call(message, "timeout_ms") && message.timeout_ms !== 0)
                writer.uint32(32).uint32(message.timeout_ms);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        WhenUnlockedRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.WhenUnlockedRequest();
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
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_version = value;
                        else
                            delete message.start_version;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.timeout_ms = value;
                        else
                            delete message.timeout_ms;
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

        return WhenUnlockedRequest;
    })();

    kvrpcpb.WhenUnlockedResponse = (function() {

        const WhenUnlockedResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        WhenUnlockedResponse.prototype.region_error = null;

        WhenUnlockedResponse.create = function(properties) {
            return new WhenUnlockedResponse(properties);
        };

        WhenUnlockedResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        WhenUnlockedResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.WhenUnlockedResponse();
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

        return WhenUnlockedResponse;
    })();

    kvrpcpb.RawMutation = (function() {

        const RawMutation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawMutation.prototype.kind = 0;
        RawMutation.prototype.key = $util.newBuffer([]);
        RawMutation.prototype.value = $util.newBuffer([]);

        RawMutation.create = function(properties) {
            return new RawMutation(properties);
        };

        RawMutation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                writer.uint32(8).int32(message.kind);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(18).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(26).bytes(message.value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawMutation.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.RawMutation();
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
                            message.kind = value;
                        else
                            delete message.kind;
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

        RawMutation.Kind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "Put"] = 0;
            values[valuesById[1] = "Delete"] = 1;
            values[valuesById[2] = "DeleteRange"] = 2;
            return values;
        })();

        return RawMutation;
    })();

    kvrpcpb.RawWriteRequest = (function() {

        const RawWriteRequest = function (properties) {
            this.writes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawWriteRequest.prototype.context = null;
        RawWriteRequest.prototype.writes = $util.emptyArray;
        RawWriteRequest.prototype.cf = "";

        RawWriteRequest.create = function(properties) {
            return new RawWriteRequest(properties);
        };

        RawWriteRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.context != null && $Object.hasOwnProperty.call(message, "context"))
                $root.kvrpcpb.Context.encode(message.context, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.writes != null && message.writes.length)
                for (let i = 0; i < message.writes.length; ++i)
                    $root.kvrpcpb.RawMutation.encode(message.writes[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.cf != null && $Object.hasOwnProperty.call(message, "cf") && message.cf !== "")
                writer.uint32(26).string(message.cf);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RawWriteRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.RawWriteRequest();
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
                        if (!(message.writes && message.writes.length))
                            message.writes = [];
                        message.writes.push($root.kvrpcpb.RawMutation.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return RawWriteRequest;
    })();

    kvrpcpb.RawWriteResponse = (function() {

        const RawWriteResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RawWriteResponse.prototype.region_error = null;
        RawWriteResponse.prototype.error = "";

        RawWriteResponse.create = function(properties) {
            return new RawWriteResponse(properties);
        };

        RawWriteResponse.encode = function (message, writer, _depth) {
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

        RawWriteResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.kvrpcpb.RawWriteResponse();
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

        return RawWriteResponse;
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

            Request.prototype.Get = null;
            Request.prototype.Scan = null;
            Request.prototype.Prewrite = null;
            Request.prototype.Commit = null;
            Request.prototype.Cleanup = null;
            Request.prototype.BatchGet = null;
            Request.prototype.BatchRollback = null;
            Request.prototype.ScanLock = null;
            Request.prototype.ResolveLock = null;
            Request.prototype.RawGet = null;
            Request.prototype.RawBatchGet = null;
            Request.prototype.RawPut = null;
            Request.prototype.RawBatchPut = null;
            Request.prototype.RawDelete = null;
            Request.prototype.RawBatchDelete = null;
            Request.prototype.RawScan = null;
            Request.prototype.RawDeleteRange = null;
            Request.prototype.PessimisticLock = null;
            Request.prototype.PessimisticRollback = null;
            Request.prototype.CheckTxnStatus = null;
            Request.prototype.TxnHeartBeat = null;
            Request.prototype.CheckSecondaryLocks = null;
            Request.prototype.Empty = null;
            Request.prototype.WhenUnlocked = null;
            Request.prototype.RawWrite = null;

            let $oneOfFields;

            $Object.defineProperty(Request.prototype, "cmd", {
                get: $util.oneOfGetter($oneOfFields = ["Get", "Scan", "Prewrite", "Commit", "Cleanup", "BatchGet", "BatchRollback", "ScanLock", "ResolveLock", "RawGet", "RawBatchGet", "RawPut", "RawBatchPut", "RawDelete", "RawBatchDelete", "RawScan", "RawDeleteRange", "PessimisticLock", "PessimisticRollback", "CheckTxnStatus", "TxnHeartBeat", "CheckSecondaryLocks", "Empty", "WhenUnlocked", "RawWrite"]),
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
                if (message.Get != null && $Object.hasOwnProperty.call(message, "Get"))
                    $root.kvrpcpb.GetRequest.encode(message.Get, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.Scan != null && $Object.hasOwnProperty.call(message, "Scan"))
                    $root.kvrpcpb.ScanRequest.encode(message.Scan, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.Prewrite != null && $Object.hasOwnProperty.call(message, "Prewrite"))
                    $root.kvrpcpb.PrewriteRequest.encode(message.Prewrite, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.Commit != null && $Object.hasOwnProperty.call(message, "Commit"))
                    $root.kvrpcpb.CommitRequest.encode(message.Commit, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.Cleanup != null && $Object.hasOwnProperty.call(message, "Cleanup"))
                    $root.kvrpcpb.CleanupRequest.encode(message.Cleanup, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.BatchGet != null && $Object.hasOwnProperty.call(message, "BatchGet"))
                    $root.kvrpcpb.BatchGetRequest.encode(message.BatchGet, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.BatchRollback != null && $Object.hasOwnProperty.call(message, "BatchRollback"))
                    $root.kvrpcpb.BatchRollbackRequest.encode(message.BatchRollback, writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.ScanLock != null && $Object.hasOwnProperty.call(message, "ScanLock"))
                    $root.kvrpcpb.ScanLockRequest.encode(message.ScanLock, writer.uint32(74).fork(), _depth + 1).ldelim();
                if (message.ResolveLock != null && $Object.hasOwnProperty.call(message, "ResolveLock"))
                    $root.kvrpcpb.ResolveLockRequest.encode(message.ResolveLock, writer.uint32(82).fork(), _depth + 1).ldelim();
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
                if (message.PessimisticLock != null && $Object.hasOwnProperty.call(message, "PessimisticLock"))
                    $root.kvrpcpb.PessimisticLockRequest.encode(message.PessimisticLock, writer.uint32(186).fork(), _depth + 1).ldelim();
                if (message.PessimisticRollback != null && $Object.hasOwnProperty.call(message, "PessimisticRollback"))
                    $root.kvrpcpb.PessimisticRollbackRequest.encode(message.PessimisticRollback, writer.uint32(194).fork(), _depth + 1).ldelim();
                if (message.CheckTxnStatus != null && $Object.hasOwnProperty.call(message, "CheckTxnStatus"))
                    $root.kvrpcpb.CheckTxnStatusRequest.encode(message.CheckTxnStatus, writer.uint32(202).fork(), _depth + 1).ldelim();
                if (message.TxnHeartBeat != null && $Object.hasOwnProperty.call(message, "TxnHeartBeat"))
                    $root.kvrpcpb.TxnHeartBeatRequest.encode(message.TxnHeartBeat, writer.uint32(210).fork(), _depth + 1).ldelim();
                if (message.CheckSecondaryLocks != null && $Object.hasOwnProperty.call(message, "CheckSecondaryLocks"))
                    $root.kvrpcpb.CheckSecondaryLocksRequest.encode(message.CheckSecondaryLocks, writer.uint32(266).fork(), _depth + 1).ldelim();
                if (message.Empty != null && $Object.hasOwnProperty.call(message, "Empty"))
                    $root.tikvpb.BatchCommandsEmptyRequest.encode(message.Empty, writer.uint32(2042).fork(), _depth + 1).ldelim();
                if (message.WhenUnlocked != null && $Object.hasOwnProperty.call(message, "WhenUnlocked"))
                    $root.kvrpcpb.WhenUnlockedRequest.encode(message.WhenUnlocked, writer.uint32(80010).fork(), _depth + 1).ldelim();
                if (message.RawWrite != null && $Object.hasOwnProperty.call(message, "RawWrite"))
                    $root.kvrpcpb.RawWriteRequest.encode(message.RawWrite, writer.uint32(80018).fork(), _depth + 1).ldelim();
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
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.Get = $root.kvrpcpb.GetRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.Get);
                            message.cmd = "Get";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.Scan = $root.kvrpcpb.ScanRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.Scan);
                            message.cmd = "Scan";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.Prewrite = $root.kvrpcpb.PrewriteRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.Prewrite);
                            message.cmd = "Prewrite";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.Commit = $root.kvrpcpb.CommitRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.Commit);
                            message.cmd = "Commit";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.Cleanup = $root.kvrpcpb.CleanupRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.Cleanup);
                            message.cmd = "Cleanup";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.BatchGet = $root.kvrpcpb.BatchGetRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.BatchGet);
                            message.cmd = "BatchGet";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.BatchRollback = $root.kvrpcpb.BatchRollbackRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.BatchRollback);
                            message.cmd = "BatchRollback";
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.ScanLock = $root.kvrpcpb.ScanLockRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.ScanLock);
                            message.cmd = "ScanLock";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.ResolveLock = $root.kvrpcpb.ResolveLockRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.ResolveLock);
                            message.cmd = "ResolveLock";
                            continue;
                        }
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
                    case 23: {
                            if (wireType !== 2)
                                break;
                            message.PessimisticLock = $root.kvrpcpb.PessimisticLockRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.PessimisticLock);
                            message.cmd = "PessimisticLock";
                            continue;
                        }
                    case 24: {
                            if (wireType !== 2)
                                break;
                            message.PessimisticRollback = $root.kvrpcpb.PessimisticRollbackRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.PessimisticRollback);
                            message.cmd = "PessimisticRollback";
                            continue;
                        }
                    case 25: {
                            if (wireType !== 2)
                                break;
                            message.CheckTxnStatus = $root.kvrpcpb.CheckTxnStatusRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.CheckTxnStatus);
                            message.cmd = "CheckTxnStatus";
                            continue;
                        }
                    case 26: {
                            if (wireType !== 2)
                                break;
                            message.TxnHeartBeat = $root.kvrpcpb.TxnHeartBeatRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.TxnHeartBeat);
                            message.cmd = "TxnHeartBeat";
                            continue;
                        }
                    case 33: {
                            if (wireType !== 2)
                                break;
                            message.CheckSecondaryLocks = $root.kvrpcpb.CheckSecondaryLocksRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.CheckSecondaryLocks);
                            message.cmd = "CheckSecondaryLocks";
                            continue;
                        }
                    case 255: {
                            if (wireType !== 2)
                                break;
                            message.Empty = $root.tikvpb.BatchCommandsEmptyRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.Empty);
                            message.cmd = "Empty";
                            continue;
                        }
                    case 10001: {
                            if (wireType !== 2)
                                break;
                            message.WhenUnlocked = $root.kvrpcpb.WhenUnlockedRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.WhenUnlocked);
                            message.cmd = "WhenUnlocked";
                            continue;
                        }
                    case 10002: {
                            if (wireType !== 2)
                                break;
                            message.RawWrite = $root.kvrpcpb.RawWriteRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.RawWrite);
                            message.cmd = "RawWrite";
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

            Response.prototype.Get = null;
            Response.prototype.Scan = null;
            Response.prototype.Prewrite = null;
            Response.prototype.Commit = null;
            Response.prototype.Cleanup = null;
            Response.prototype.BatchGet = null;
            Response.prototype.BatchRollback = null;
            Response.prototype.ScanLock = null;
            Response.prototype.ResolveLock = null;
            Response.prototype.RawGet = null;
            Response.prototype.RawBatchGet = null;
            Response.prototype.RawPut = null;
            Response.prototype.RawBatchPut = null;
            Response.prototype.RawDelete = null;
            Response.prototype.RawBatchDelete = null;
            Response.prototype.RawScan = null;
            Response.prototype.RawDeleteRange = null;
            Response.prototype.PessimisticLock = null;
            Response.prototype.PessimisticRollback = null;
            Response.prototype.CheckTxnStatus = null;
            Response.prototype.TxnHeartBeat = null;
            Response.prototype.CheckSecondaryLocks = null;
            Response.prototype.Empty = null;
            Response.prototype.WhenUnlocked = null;
            Response.prototype.RawWrite = null;

            let $oneOfFields;

            $Object.defineProperty(Response.prototype, "cmd", {
                get: $util.oneOfGetter($oneOfFields = ["Get", "Scan", "Prewrite", "Commit", "Cleanup", "BatchGet", "BatchRollback", "ScanLock", "ResolveLock", "RawGet", "RawBatchGet", "RawPut", "RawBatchPut", "RawDelete", "RawBatchDelete", "RawScan", "RawDeleteRange", "PessimisticLock", "PessimisticRollback", "CheckTxnStatus", "TxnHeartBeat", "CheckSecondaryLocks", "Empty", "WhenUnlocked", "RawWrite"]),
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
                if (message.Get != null && $Object.hasOwnProperty.call(message, "Get"))
                    $root.kvrpcpb.GetResponse.encode(message.Get, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.Scan != null && $Object.hasOwnProperty.call(message, "Scan"))
                    $root.kvrpcpb.ScanResponse.encode(message.Scan, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.Prewrite != null && $Object.hasOwnProperty.call(message, "Prewrite"))
                    $root.kvrpcpb.PrewriteResponse.encode(message.Prewrite, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.Commit != null && $Object.hasOwnProperty.call(message, "Commit"))
                    $root.kvrpcpb.CommitResponse.encode(message.Commit, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.Cleanup != null && $Object.hasOwnProperty.call(message, "Cleanup"))
                    $root.kvrpcpb.CleanupResponse.encode(message.Cleanup, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.BatchGet != null && $Object.hasOwnProperty.call(message, "BatchGet"))
                    $root.kvrpcpb.BatchGetResponse.encode(message.BatchGet, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.BatchRollback != null && $Object.hasOwnProperty.call(message, "BatchRollback"))
                    $root.kvrpcpb.BatchRollbackResponse.encode(message.BatchRollback, writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.ScanLock != null && $Object.hasOwnProperty.call(message, "ScanLock"))
                    $root.kvrpcpb.ScanLockResponse.encode(message.ScanLock, writer.uint32(74).fork(), _depth + 1).ldelim();
                if (message.ResolveLock != null && $Object.hasOwnProperty.call(message, "ResolveLock"))
                    $root.kvrpcpb.ResolveLockResponse.encode(message.ResolveLock, writer.uint32(82).fork(), _depth + 1).ldelim();
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
                if (message.PessimisticLock != null && $Object.hasOwnProperty.call(message, "PessimisticLock"))
                    $root.kvrpcpb.PessimisticLockResponse.encode(message.PessimisticLock, writer.uint32(186).fork(), _depth + 1).ldelim();
                if (message.PessimisticRollback != null && $Object.hasOwnProperty.call(message, "PessimisticRollback"))
                    $root.kvrpcpb.PessimisticRollbackResponse.encode(message.PessimisticRollback, writer.uint32(194).fork(), _depth + 1).ldelim();
                if (message.CheckTxnStatus != null && $Object.hasOwnProperty.call(message, "CheckTxnStatus"))
                    $root.kvrpcpb.CheckTxnStatusResponse.encode(message.CheckTxnStatus, writer.uint32(202).fork(), _depth + 1).ldelim();
                if (message.TxnHeartBeat != null && $Object.hasOwnProperty.call(message, "TxnHeartBeat"))
                    $root.kvrpcpb.TxnHeartBeatResponse.encode(message.TxnHeartBeat, writer.uint32(210).fork(), _depth + 1).ldelim();
                if (message.CheckSecondaryLocks != null && $Object.hasOwnProperty.call(message, "CheckSecondaryLocks"))
                    $root.kvrpcpb.CheckSecondaryLocksResponse.encode(message.CheckSecondaryLocks, writer.uint32(266).fork(), _depth + 1).ldelim();
                if (message.Empty != null && $Object.hasOwnProperty.call(message, "Empty"))
                    $root.tikvpb.BatchCommandsEmptyResponse.encode(message.Empty, writer.uint32(2042).fork(), _depth + 1).ldelim();
                if (message.WhenUnlocked != null && $Object.hasOwnProperty.call(message, "WhenUnlocked"))
                    $root.kvrpcpb.WhenUnlockedResponse.encode(message.WhenUnlocked, writer.uint32(80010).fork(), _depth + 1).ldelim();
                if (message.RawWrite != null && $Object.hasOwnProperty.call(message, "RawWrite"))
                    $root.kvrpcpb.RawWriteResponse.encode(message.RawWrite, writer.uint32(80018).fork(), _depth + 1).ldelim();
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
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.Get = $root.kvrpcpb.GetResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.Get);
                            message.cmd = "Get";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.Scan = $root.kvrpcpb.ScanResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.Scan);
                            message.cmd = "Scan";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.Prewrite = $root.kvrpcpb.PrewriteResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.Prewrite);
                            message.cmd = "Prewrite";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.Commit = $root.kvrpcpb.CommitResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.Commit);
                            message.cmd = "Commit";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.Cleanup = $root.kvrpcpb.CleanupResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.Cleanup);
                            message.cmd = "Cleanup";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.BatchGet = $root.kvrpcpb.BatchGetResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.BatchGet);
                            message.cmd = "BatchGet";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.BatchRollback = $root.kvrpcpb.BatchRollbackResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.BatchRollback);
                            message.cmd = "BatchRollback";
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.ScanLock = $root.kvrpcpb.ScanLockResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.ScanLock);
                            message.cmd = "ScanLock";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.ResolveLock = $root.kvrpcpb.ResolveLockResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.ResolveLock);
                            message.cmd = "ResolveLock";
                            continue;
                        }
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
                    case 23: {
                            if (wireType !== 2)
                                break;
                            message.PessimisticLock = $root.kvrpcpb.PessimisticLockResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.PessimisticLock);
                            message.cmd = "PessimisticLock";
                            continue;
                        }
                    case 24: {
                            if (wireType !== 2)
                                break;
                            message.PessimisticRollback = $root.kvrpcpb.PessimisticRollbackResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.PessimisticRollback);
                            message.cmd = "PessimisticRollback";
                            continue;
                        }
                    case 25: {
                            if (wireType !== 2)
                                break;
                            message.CheckTxnStatus = $root.kvrpcpb.CheckTxnStatusResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.CheckTxnStatus);
                            message.cmd = "CheckTxnStatus";
                            continue;
                        }
                    case 26: {
                            if (wireType !== 2)
                                break;
                            message.TxnHeartBeat = $root.kvrpcpb.TxnHeartBeatResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.TxnHeartBeat);
                            message.cmd = "TxnHeartBeat";
                            continue;
                        }
                    case 33: {
                            if (wireType !== 2)
                                break;
                            message.CheckSecondaryLocks = $root.kvrpcpb.CheckSecondaryLocksResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.CheckSecondaryLocks);
                            message.cmd = "CheckSecondaryLocks";
                            continue;
                        }
                    case 255: {
                            if (wireType !== 2)
                                break;
                            message.Empty = $root.tikvpb.BatchCommandsEmptyResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.Empty);
                            message.cmd = "Empty";
                            continue;
                        }
                    case 10001: {
                            if (wireType !== 2)
                                break;
                            message.WhenUnlocked = $root.kvrpcpb.WhenUnlockedResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.WhenUnlocked);
                            message.cmd = "WhenUnlocked";
                            continue;
                        }
                    case 10002: {
                            if (wireType !== 2)
                                break;
                            message.RawWrite = $root.kvrpcpb.RawWriteResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.RawWrite);
                            message.cmd = "RawWrite";
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
        values[valuesById[4] = "ALREADY_BOOTSTRAPPED"] = 4;
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

    pdpb.AddMemberRequest = (function() {

        const AddMemberRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AddMemberRequest.prototype.header = null;
        AddMemberRequest.prototype.member = null;
        AddMemberRequest.prototype.joins = false;

        AddMemberRequest.create = function(properties) {
            return new AddMemberRequest(properties);
        };

        AddMemberRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.member != null && $Object.hasOwnProperty.call(message, "member"))
                $root.pdpb.Member.encode(message.member, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.joins != null && $Object.hasOwnProperty.call(message, "joins") && message.joins !== false)
                writer.uint32(24).bool(message.joins);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AddMemberRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.AddMemberRequest();
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
                        message.member = $root.pdpb.Member.decode(reader, reader.size(), $undefined, _depth + 1, message.member);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.joins = value;
                        else
                            delete message.joins;
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

        return AddMemberRequest;
    })();

    pdpb.AddMemberResponse = (function() {

        const AddMemberResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AddMemberResponse.prototype.header = null;

        AddMemberResponse.create = function(properties) {
            return new AddMemberResponse(properties);
        };

        AddMemberResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AddMemberResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.AddMemberResponse();
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

        return AddMemberResponse;
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
        GetRegionRequest.prototype.region_space = false;

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
            if (message.region_space != null && $Object.hasOwnProperty.call(message, "region_space") && message.region_space !== false)
                writer.uint32(80008).bool(message.region_space);
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
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.region_space = value;
                        else
                            delete message.region_space;
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
        GetRegionByIDRequest.prototype.region_space = false;

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
            if (message.region_space != null && $Object.hasOwnProperty.call(message, "region_space") && message.region_space !== false)
                writer.uint32(80008).bool(message.region_space);
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
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.region_space = value;
                        else
                            delete message.region_space;
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
        ScanRegionsRequest.prototype.region_space = false;

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
            if (message.region_space != null && $Object.hasOwnProperty.call(message, "region_space") && message.region_space !== false)
                writer.uint32(80008).bool(message.region_space);
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
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.region_space = value;
                        else
                            delete message.region_space;
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

    pdpb.GetGCSafePointRequest = (function() {

        const GetGCSafePointRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetGCSafePointRequest.prototype.header = null;

        GetGCSafePointRequest.create = function(properties) {
            return new GetGCSafePointRequest(properties);
        };

        GetGCSafePointRequest.encode = function (message, writer, _depth) {
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

        GetGCSafePointRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.GetGCSafePointRequest();
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

        return GetGCSafePointRequest;
    })();

    pdpb.GetGCSafePointResponse = (function() {

        const GetGCSafePointResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetGCSafePointResponse.prototype.header = null;
        GetGCSafePointResponse.prototype.safe_point = 0n;

        GetGCSafePointResponse.create = function(properties) {
            return new GetGCSafePointResponse(properties);
        };

        GetGCSafePointResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.safe_point != null && $Object.hasOwnProperty.call(message, "safe_point") && message.safe_point !== 0n)
                writer.uint32(16).uint64($wide.halves(message.safe_point));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetGCSafePointResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.GetGCSafePointResponse();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.safe_point = value;
                        else
                            delete message.safe_point;
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

        return GetGCSafePointResponse;
    })();

    pdpb.UpdateGCSafePointRequest = (function() {

        const UpdateGCSafePointRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UpdateGCSafePointRequest.prototype.header = null;
        UpdateGCSafePointRequest.prototype.safe_point = 0n;

        UpdateGCSafePointRequest.create = function(properties) {
            return new UpdateGCSafePointRequest(properties);
        };

        UpdateGCSafePointRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.safe_point != null && $Object.hasOwnProperty.call(message, "safe_point") && message.safe_point !== 0n)
                writer.uint32(16).uint64($wide.halves(message.safe_point));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UpdateGCSafePointRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.UpdateGCSafePointRequest();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.safe_point = value;
                        else
                            delete message.safe_point;
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

        return UpdateGCSafePointRequest;
    })();

    pdpb.UpdateGCSafePointResponse = (function() {

        const UpdateGCSafePointResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UpdateGCSafePointResponse.prototype.header = null;
        UpdateGCSafePointResponse.prototype.new_safe_point = 0n;

        UpdateGCSafePointResponse.create = function(properties) {
            return new UpdateGCSafePointResponse(properties);
        };

        UpdateGCSafePointResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.new_safe_point != null && $Object.hasOwnProperty.call(message, "new_safe_point") && message.new_safe_point !== 0n)
                writer.uint32(16).uint64($wide.halves(message.new_safe_point));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UpdateGCSafePointResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.UpdateGCSafePointResponse();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.new_safe_point = value;
                        else
                            delete message.new_safe_point;
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

        return UpdateGCSafePointResponse;
    })();

    pdpb.KeyspaceScope = (function() {

        const KeyspaceScope = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyspaceScope.prototype.keyspace_id = 0;

        KeyspaceScope.create = function(properties) {
            return new KeyspaceScope(properties);
        };

        KeyspaceScope.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.keyspace_id != null && $Object.hasOwnProperty.call(message, "keyspace_id") && message.keyspace_id !== 0)
                writer.uint32(8).uint32(message.keyspace_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyspaceScope.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.KeyspaceScope();
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
                        if (value = reader.uint32())
                            message.keyspace_id = value;
                        else
                            delete message.keyspace_id;
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

        return KeyspaceScope;
    })();

    pdpb.GetGCStateRequest = (function() {

        const GetGCStateRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetGCStateRequest.prototype.header = null;
        GetGCStateRequest.prototype.keyspace_scope = null;

        GetGCStateRequest.create = function(properties) {
            return new GetGCStateRequest(properties);
        };

        GetGCStateRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.keyspace_scope != null && $Object.hasOwnProperty.call(message, "keyspace_scope"))
                $root.pdpb.KeyspaceScope.encode(message.keyspace_scope, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetGCStateRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.GetGCStateRequest();
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
                        message.keyspace_scope = $root.pdpb.KeyspaceScope.decode(reader, reader.size(), $undefined, _depth + 1, message.keyspace_scope);
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

        return GetGCStateRequest;
    })();

    pdpb.GCState = (function() {

        const GCState = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GCState.prototype.keyspace_scope = null;
        GCState.prototype.is_keyspace_level_gc = false;
        GCState.prototype.txn_safe_point = 0n;
        GCState.prototype.gc_safe_point = 0n;

        GCState.create = function(properties) {
            return new GCState(properties);
        };

        GCState.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.keyspace_scope != null && $Object.hasOwnProperty.call(message, "keyspace_scope"))
                $root.pdpb.KeyspaceScope.encode(message.keyspace_scope, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.is_keyspace_level_gc != null && $Object.hasOwnProperty.call(message, "is_keyspace_level_gc") && message.is_keyspace_level_gc !== false)
                writer.uint32(16).bool(message.is_keyspace_level_gc);
            if (message.txn_safe_point != null && $Object.hasOwnProperty.call(message, "txn_safe_point") && message.txn_safe_point !== 0n)
                writer.uint32(24).uint64($wide.halves(message.txn_safe_point));
            if (message.gc_safe_point != null && $Object.hasOwnProperty.call(message, "gc_safe_point") && message.gc_safe_point !== 0n)
                writer.uint32(32).uint64($wide.halves(message.gc_safe_point));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GCState.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.GCState();
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
                        message.keyspace_scope = $root.pdpb.KeyspaceScope.decode(reader, reader.size(), $undefined, _depth + 1, message.keyspace_scope);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.is_keyspace_level_gc = value;
                        else
                            delete message.is_keyspace_level_gc;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.txn_safe_point = value;
                        else
                            delete message.txn_safe_point;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.gc_safe_point = value;
                        else
                            delete message.gc_safe_point;
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

        return GCState;
    })();

    pdpb.GetGCStateResponse = (function() {

        const GetGCStateResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetGCStateResponse.prototype.header = null;
        GetGCStateResponse.prototype.gc_state = null;

        GetGCStateResponse.create = function(properties) {
            return new GetGCStateResponse(properties);
        };

        GetGCStateResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.gc_state != null && $Object.hasOwnProperty.call(message, "gc_state"))
                $root.pdpb.GCState.encode(message.gc_state, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetGCStateResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.GetGCStateResponse();
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
                        message.gc_state = $root.pdpb.GCState.decode(reader, reader.size(), $undefined, _depth + 1, message.gc_state);
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

        return GetGCStateResponse;
    })();

    pdpb.BootstrapRequest = (function() {

        const BootstrapRequest = function (properties) {
            this.more_regions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BootstrapRequest.prototype.header = null;
        BootstrapRequest.prototype.store = null;
        BootstrapRequest.prototype.region = null;
        BootstrapRequest.prototype.more_regions = $util.emptyArray;

        BootstrapRequest.create = function(properties) {
            return new BootstrapRequest(properties);
        };

        BootstrapRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.store != null && $Object.hasOwnProperty.call(message, "store"))
                $root.metapb.Store.encode(message.store, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                $root.metapb.Region.encode(message.region, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.more_regions != null && message.more_regions.length)
                for (let i = 0; i < message.more_regions.length; ++i)
                    $root.metapb.Region.encode(message.more_regions[i], writer.uint32(80010).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BootstrapRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.BootstrapRequest();
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
                        message.store = $root.metapb.Store.decode(reader, reader.size(), $undefined, _depth + 1, message.store);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.region = $root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1, message.region);
                        continue;
                    }
                case 10001: {
                        if (wireType !== 2)
                            break;
                        if (!(message.more_regions && message.more_regions.length))
                            message.more_regions = [];
                        message.more_regions.push($root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return BootstrapRequest;
    })();

    pdpb.BootstrapResponse = (function() {

        const BootstrapResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BootstrapResponse.prototype.header = null;

        BootstrapResponse.create = function(properties) {
            return new BootstrapResponse(properties);
        };

        BootstrapResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BootstrapResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.BootstrapResponse();
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

        return BootstrapResponse;
    })();

    pdpb.IsBootstrappedRequest = (function() {

        const IsBootstrappedRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        IsBootstrappedRequest.prototype.header = null;

        IsBootstrappedRequest.create = function(properties) {
            return new IsBootstrappedRequest(properties);
        };

        IsBootstrappedRequest.encode = function (message, writer, _depth) {
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

        IsBootstrappedRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.IsBootstrappedRequest();
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

        return IsBootstrappedRequest;
    })();

    pdpb.IsBootstrappedResponse = (function() {

        const IsBootstrappedResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        IsBootstrappedResponse.prototype.header = null;
        IsBootstrappedResponse.prototype.bootstrapped = false;

        IsBootstrappedResponse.create = function(properties) {
            return new IsBootstrappedResponse(properties);
        };

        IsBootstrappedResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.bootstrapped != null && $Object.hasOwnProperty.call(message, "bootstrapped") && message.bootstrapped !== false)
                writer.uint32(16).bool(message.bootstrapped);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        IsBootstrappedResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.IsBootstrappedResponse();
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
                        if (value = reader.bool())
                            message.bootstrapped = value;
                        else
                            delete message.bootstrapped;
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

        return IsBootstrappedResponse;
    })();

    pdpb.AllocIDRequest = (function() {

        const AllocIDRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AllocIDRequest.prototype.header = null;
        AllocIDRequest.prototype.count = 0;

        AllocIDRequest.create = function(properties) {
            return new AllocIDRequest(properties);
        };

        AllocIDRequest.encode = function (message, writer, _depth) {
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
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AllocIDRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.AllocIDRequest();
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

        return AllocIDRequest;
    })();

    pdpb.AllocIDResponse = (function() {

        const AllocIDResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AllocIDResponse.prototype.header = null;
        AllocIDResponse.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        AllocIDResponse.prototype.count = 0;

        AllocIDResponse.create = function(properties) {
            return new AllocIDResponse(properties);
        };

        AllocIDResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                writer.uint32(16).uint64(message.id);
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                writer.uint32(24).uint32(message.count);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AllocIDResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.AllocIDResponse();
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
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.count = value;
                        else
                            delete message.count;
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

        return AllocIDResponse;
    })();

    pdpb.PutStoreRequest = (function() {

        const PutStoreRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PutStoreRequest.prototype.header = null;
        PutStoreRequest.prototype.store = null;

        PutStoreRequest.create = function(properties) {
            return new PutStoreRequest(properties);
        };

        PutStoreRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.store != null && $Object.hasOwnProperty.call(message, "store"))
                $root.metapb.Store.encode(message.store, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PutStoreRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.PutStoreRequest();
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

        return PutStoreRequest;
    })();

    pdpb.PutStoreResponse = (function() {

        const PutStoreResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PutStoreResponse.prototype.header = null;

        PutStoreResponse.create = function(properties) {
            return new PutStoreResponse(properties);
        };

        PutStoreResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PutStoreResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.PutStoreResponse();
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

        return PutStoreResponse;
    })();

    pdpb.TimeInterval = (function() {

        const TimeInterval = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TimeInterval.prototype.start_timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        TimeInterval.prototype.end_timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        TimeInterval.create = function(properties) {
            return new TimeInterval(properties);
        };

        TimeInterval.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.start_timestamp != null && $Object.hasOwnProperty.call(message, "start_timestamp") && (typeof message.start_timestamp === "object" ? message.start_timestamp.low || message.start_timestamp.high : message.start_timestamp !== 0))
                writer.uint32(8).uint64(message.start_timestamp);
            if (message.end_timestamp != null && $Object.hasOwnProperty.call(message, "end_timestamp") && (typeof message.end_timestamp === "object" ? message.end_timestamp.low || message.end_timestamp.high : message.end_timestamp !== 0))
                writer.uint32(16).uint64(message.end_timestamp);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TimeInterval.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.TimeInterval();
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
                            message.start_timestamp = value;
                        else
                            delete message.start_timestamp;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.end_timestamp = value;
                        else
                            delete message.end_timestamp;
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

        return TimeInterval;
    })();

    pdpb.StoreStats = (function() {

        const StoreStats = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StoreStats.prototype.store_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreStats.prototype.capacity = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreStats.prototype.available = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreStats.prototype.region_count = 0;
        StoreStats.prototype.sending_snap_count = 0;
        StoreStats.prototype.receiving_snap_count = 0;
        StoreStats.prototype.start_time = 0;
        StoreStats.prototype.applying_snap_count = 0;
        StoreStats.prototype.is_busy = false;
        StoreStats.prototype.used_size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreStats.prototype.bytes_written = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreStats.prototype.keys_written = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreStats.prototype.bytes_read = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreStats.prototype.keys_read = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StoreStats.prototype.interval = null;
        StoreStats.prototype.slow_score = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        StoreStats.create = function(properties) {
            return new StoreStats(properties);
        };

        StoreStats.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.store_id != null && $Object.hasOwnProperty.call(message, "store_id") && (typeof message.store_id === "object" ? message.store_id.low || message.store_id.high : message.store_id !== 0))
                writer.uint32(8).uint64(message.store_id);
            if (message.capacity != null && $Object.hasOwnProperty.call(message, "capacity") && (typeof message.capacity === "object" ? message.capacity.low || message.capacity.high : message.capacity !== 0))
                writer.uint32(16).uint64(message.capacity);
            if (message.available != null && $Object.hasOwnProperty.call(message, "available") && (typeof message.available === "object" ? message.available.low || message.available.high : message.available !== 0))
                writer.uint32(24).uint64(message.available);
            if (message.region_count != null && $Object.hasOwnProperty.call(message, "region_count") && message.region_count !== 0)
                writer.uint32(32).uint32(message.region_count);
            if (message.sending_snap_count != null && $Object.hasOwnProperty.call(message, "sending_snap_count") && message.sending_snap_count !== 0)
                writer.uint32(40).uint32(message.sending_snap_count);
            if (message.receiving_snap_count != null && $Object.hasOwnProperty.call(message, "receiving_snap_count") && message.receiving_snap_count !== 0)
                writer.uint32(48).uint32(message.receiving_snap_count);
            if (message.start_time != null && $Object.hasOwnProperty.call(message, "start_time") && message.start_time !== 0)
                writer.uint32(56).uint32(message.start_time);
            if (message.applying_snap_count != null && $Object.hasOwnProperty.call(message, "applying_snap_count") && message.applying_snap_count !== 0)
                writer.uint32(64).uint32(message.applying_snap_count);
            if (message.is_busy != null && $Object.hasOwnProperty.call(message, "is_busy") && message.is_busy !== false)
                writer.uint32(72).bool(message.is_busy);
            if (message.used_size != null && $Object.hasOwnProperty.call(message, "used_size") && (typeof message.used_size === "object" ? message.used_size.low || message.used_size.high : message.used_size !== 0))
                writer.uint32(80).uint64(message.used_size);
            if (message.bytes_written != null && $Object.hasOwnProperty.call(message, "bytes_written") && (typeof message.bytes_written === "object" ? message.bytes_written.low || message.bytes_written.high : message.bytes_written !== 0))
                writer.uint32(88).uint64(message.bytes_written);
            if (message.keys_written != null && $Object.hasOwnProperty.call(message, "keys_written") && (typeof message.keys_written === "object" ? message.keys_written.low || message.keys_written.high : message.keys_written !== 0))
                writer.uint32(96).uint64(message.keys_written);
            if (message.bytes_read != null && $Object.hasOwnProperty.call(message, "bytes_read") && (typeof message.bytes_read === "object" ? message.bytes_read.low || message.bytes_read.high : message.bytes_read !== 0))
                writer.uint32(104).uint64(message.bytes_read);
            if (message.keys_read != null && $Object.hasOwnProperty.call(message, "keys_read") && (typeof message.keys_read === "object" ? message.keys_read.low || message.keys_read.high : message.keys_read !== 0))
                writer.uint32(112).uint64(message.keys_read);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval"))
                $root.pdpb.TimeInterval.encode(message.interval, writer.uint32(122).fork(), _depth + 1).ldelim();
            if (message.slow_score != null && $Object.hasOwnProperty.call(message, "slow_score") && (typeof message.slow_score === "object" ? message.slow_score.low || message.slow_score.high : message.slow_score !== 0))
                writer.uint32(176).uint64(message.slow_score);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StoreStats.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.StoreStats();
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
                            message.store_id = value;
                        else
                            delete message.store_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.capacity = value;
                        else
                            delete message.capacity;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.available = value;
                        else
                            delete message.available;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.region_count = value;
                        else
                            delete message.region_count;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.sending_snap_count = value;
                        else
                            delete message.sending_snap_count;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.receiving_snap_count = value;
                        else
                            delete message.receiving_snap_count;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.start_time = value;
                        else
                            delete message.start_time;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.applying_snap_count = value;
                        else
                            delete message.applying_snap_count;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.is_busy = value;
                        else
                            delete message.is_busy;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.used_size = value;
                        else
                            delete message.used_size;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes_written = value;
                        else
                            delete message.bytes_written;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.keys_written = value;
                        else
                            delete message.keys_written;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes_read = value;
                        else
                            delete message.bytes_read;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.keys_read = value;
                        else
                            delete message.keys_read;
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        message.interval = $root.pdpb.TimeInterval.decode(reader, reader.size(), $undefined, _depth + 1, message.interval);
                        continue;
                    }
                case 22: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.slow_score = value;
                        else
                            delete message.slow_score;
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

        return StoreStats;
    })();

    pdpb.StoreHeartbeatRequest = (function() {

        const StoreHeartbeatRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StoreHeartbeatRequest.prototype.header = null;
        StoreHeartbeatRequest.prototype.stats = null;

        StoreHeartbeatRequest.create = function(properties) {
            return new StoreHeartbeatRequest(properties);
        };

        StoreHeartbeatRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.stats != null && $Object.hasOwnProperty.call(message, "stats"))
                $root.pdpb.StoreStats.encode(message.stats, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StoreHeartbeatRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.StoreHeartbeatRequest();
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
                        message.stats = $root.pdpb.StoreStats.decode(reader, reader.size(), $undefined, _depth + 1, message.stats);
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

        return StoreHeartbeatRequest;
    })();

    pdpb.StoreHeartbeatResponse = (function() {

        const StoreHeartbeatResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StoreHeartbeatResponse.prototype.header = null;

        StoreHeartbeatResponse.create = function(properties) {
            return new StoreHeartbeatResponse(properties);
        };

        StoreHeartbeatResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StoreHeartbeatResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.StoreHeartbeatResponse();
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

        return StoreHeartbeatResponse;
    })();

    pdpb.PeerStats = (function() {

        const PeerStats = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PeerStats.prototype.peer = null;
        PeerStats.prototype.down_seconds = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PeerStats.create = function(properties) {
            return new PeerStats(properties);
        };

        PeerStats.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer"))
                $root.metapb.Peer.encode(message.peer, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.down_seconds != null && $Object.hasOwnProperty.call(message, "down_seconds") && (typeof message.down_seconds === "object" ? message.down_seconds.low || message.down_seconds.high : message.down_seconds !== 0))
                writer.uint32(16).uint64(message.down_seconds);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PeerStats.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.PeerStats();
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
                        message.peer = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.peer);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.down_seconds = value;
                        else
                            delete message.down_seconds;
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

        return PeerStats;
    })();

    pdpb.RegionHeartbeatRequest = (function() {

        const RegionHeartbeatRequest = function (properties) {
            this.down_peers = [];
            this.pending_peers = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RegionHeartbeatRequest.prototype.header = null;
        RegionHeartbeatRequest.prototype.region = null;
        RegionHeartbeatRequest.prototype.leader = null;
        RegionHeartbeatRequest.prototype.down_peers = $util.emptyArray;
        RegionHeartbeatRequest.prototype.pending_peers = $util.emptyArray;
        RegionHeartbeatRequest.prototype.bytes_written = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatRequest.prototype.bytes_read = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatRequest.prototype.keys_written = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatRequest.prototype.keys_read = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatRequest.prototype.approximate_size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatRequest.prototype.interval = null;
        RegionHeartbeatRequest.prototype.approximate_keys = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatRequest.prototype.term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatRequest.prototype.queries = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatRequest.prototype.store_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RegionHeartbeatRequest.create = function(properties) {
            return new RegionHeartbeatRequest(properties);
        };

        RegionHeartbeatRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                $root.metapb.Region.encode(message.region, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.leader != null && $Object.hasOwnProperty.call(message, "leader"))
                $root.metapb.Peer.encode(message.leader, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.down_peers != null && message.down_peers.length)
                for (let i = 0; i < message.down_peers.length; ++i)
                    $root.pdpb.PeerStats.encode(message.down_peers[i], writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.pending_peers != null && message.pending_peers.length)
                for (let i = 0; i < message.pending_peers.length; ++i)
                    $root.metapb.Peer.encode(message.pending_peers[i], writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.bytes_written != null && $Object.hasOwnProperty.call(message, "bytes_written") && (typeof message.bytes_written === "object" ? message.bytes_written.low || message.bytes_written.high : message.bytes_written !== 0))
                writer.uint32(48).uint64(message.bytes_written);
            if (message.bytes_read != null && $Object.hasOwnProperty.call(message, "bytes_read") && (typeof message.bytes_read === "object" ? message.bytes_read.low || message.bytes_read.high : message.bytes_read !== 0))
                writer.uint32(56).uint64(message.bytes_read);
            if (message.keys_written != null && $Object.hasOwnProperty.call(message, "keys_written") && (typeof message.keys_written === "object" ? message.keys_written.low || message.keys_written.high : message.keys_written !== 0))
                writer.uint32(64).uint64(message.keys_written);
            if (message.keys_read != null && $Object.hasOwnProperty.call(message, "keys_read") && (typeof message.keys_read === "object" ? message.keys_read.low || message.keys_read.high : message.keys_read !== 0))
                writer.uint32(72).uint64(message.keys_read);
            if (message.approximate_size != null && $Object.hasOwnProperty.call(message, "approximate_size") && (typeof message.approximate_size === "object" ? message.approximate_size.low || message.approximate_size.high : message.approximate_size !== 0))
                writer.uint32(80).uint64(message.approximate_size);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval"))
                $root.pdpb.TimeInterval.encode(message.interval, writer.uint32(98).fork(), _depth + 1).ldelim();
            if (message.approximate_keys != null && $Object.hasOwnProperty.call(message, "approximate_keys") && (typeof message.approximate_keys === "object" ? message.approximate_keys.low || message.approximate_keys.high : message.approximate_keys !== 0))
                writer.uint32(104).uint64(message.approximate_keys);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && (typeof message.term === "object" ? message.term.low || message.term.high : message.term !== 0))
                writer.uint32(112).uint64(message.term);
            if (message.queries != null && $Object.hasOwnProperty.call(message, "queries") && (typeof message.queries === "object" ? message.queries.low || message.queries.high : message.queries !== 0))
                writer.uint32(80008).uint64(message.queries);
            if (message.store_id != null && $Object.hasOwnProperty.call(message, "store_id") && (typeof message.store_id === "object" ? message.store_id.low || message.store_id.high : message.store_id !== 0))
                writer.uint32(80016).uint64(message.store_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RegionHeartbeatRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.RegionHeartbeatRequest();
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
                        message.region = $root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1, message.region);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.leader = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.leader);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.down_peers && message.down_peers.length))
                            message.down_peers = [];
                        message.down_peers.push($root.pdpb.PeerStats.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.pending_peers && message.pending_peers.length))
                            message.pending_peers = [];
                        message.pending_peers.push($root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes_written = value;
                        else
                            delete message.bytes_written;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes_read = value;
                        else
                            delete message.bytes_read;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.keys_written = value;
                        else
                            delete message.keys_written;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.keys_read = value;
                        else
                            delete message.keys_read;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.approximate_size = value;
                        else
                            delete message.approximate_size;
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        message.interval = $root.pdpb.TimeInterval.decode(reader, reader.size(), $undefined, _depth + 1, message.interval);
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.approximate_keys = value;
                        else
                            delete message.approximate_keys;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.queries = value;
                        else
                            delete message.queries;
                        continue;
                    }
                case 10002: {
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

        return RegionHeartbeatRequest;
    })();

    pdpb.ChangePeer = (function() {

        const ChangePeer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ChangePeer.prototype.peer = null;
        ChangePeer.prototype.change_type = 0;

        ChangePeer.create = function(properties) {
            return new ChangePeer(properties);
        };

        ChangePeer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer"))
                $root.metapb.Peer.encode(message.peer, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.change_type != null && $Object.hasOwnProperty.call(message, "change_type") && message.change_type !== 0)
                writer.uint32(16).int32(message.change_type);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ChangePeer.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.ChangePeer();
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
                        message.peer = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.peer);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.change_type = value;
                        else
                            delete message.change_type;
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

        return ChangePeer;
    })();

    pdpb.ChangePeerV2 = (function() {

        const ChangePeerV2 = function (properties) {
            this.changes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ChangePeerV2.prototype.changes = $util.emptyArray;

        ChangePeerV2.create = function(properties) {
            return new ChangePeerV2(properties);
        };

        ChangePeerV2.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.changes != null && message.changes.length)
                for (let i = 0; i < message.changes.length; ++i)
                    $root.pdpb.ChangePeer.encode(message.changes[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ChangePeerV2.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.ChangePeerV2();
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
                        if (!(message.changes && message.changes.length))
                            message.changes = [];
                        message.changes.push($root.pdpb.ChangePeer.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return ChangePeerV2;
    })();

    pdpb.TransferLeader = (function() {

        const TransferLeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        TransferLeader.prototype.peer = null;

        TransferLeader.create = function(properties) {
            return new TransferLeader(properties);
        };

        TransferLeader.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer"))
                $root.metapb.Peer.encode(message.peer, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        TransferLeader.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.TransferLeader();
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
                        message.peer = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.peer);
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

        return TransferLeader;
    })();

    pdpb.Merge = (function() {

        const Merge = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Merge.prototype.target = null;
        Merge.prototype.source_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        Merge.create = function(properties) {
            return new Merge(properties);
        };

        Merge.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.target != null && $Object.hasOwnProperty.call(message, "target"))
                $root.metapb.Region.encode(message.target, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.source_id != null && $Object.hasOwnProperty.call(message, "source_id") && (typeof message.source_id === "object" ? message.source_id.low || message.source_id.high : message.source_id !== 0))
                writer.uint32(80008).uint64(message.source_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Merge.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.Merge();
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
                        message.target = $root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1, message.target);
                        continue;
                    }
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.source_id = value;
                        else
                            delete message.source_id;
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

        return Merge;
    })();

    pdpb.CheckPolicy = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "SCAN"] = 0;
        values[valuesById[1] = "APPROXIMATE"] = 1;
        values[valuesById[2] = "USEKEY"] = 2;
        return values;
    })();

    pdpb.SplitRegion = (function() {

        const SplitRegion = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SplitRegion.prototype.policy = 0;
        SplitRegion.prototype.keys = $util.emptyArray;
        SplitRegion.prototype.by_load = false;

        SplitRegion.create = function(properties) {
            return new SplitRegion(properties);
        };

        SplitRegion.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.policy != null && $Object.hasOwnProperty.call(message, "policy") && message.policy !== 0)
                writer.uint32(8).int32(message.policy);
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(18).bytes(message.keys[i]);
            if (message.by_load != null && $Object.hasOwnProperty.call(message, "by_load") && message.by_load !== false)
                writer.uint32(80008).bool(message.by_load);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SplitRegion.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.SplitRegion();
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
                            message.policy = value;
                        else
                            delete message.policy;
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
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.by_load = value;
                        else
                            delete message.by_load;
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

        return SplitRegion;
    })();

    pdpb.RegionHeartbeatResponse = (function() {

        const RegionHeartbeatResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RegionHeartbeatResponse.prototype.header = null;
        RegionHeartbeatResponse.prototype.change_peer = null;
        RegionHeartbeatResponse.prototype.transfer_leader = null;
        RegionHeartbeatResponse.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RegionHeartbeatResponse.prototype.region_epoch = null;
        RegionHeartbeatResponse.prototype.target_peer = null;
        RegionHeartbeatResponse.prototype.merge = null;
        RegionHeartbeatResponse.prototype.split_region = null;
        RegionHeartbeatResponse.prototype.change_peer_v2 = null;

        RegionHeartbeatResponse.create = function(properties) {
            return new RegionHeartbeatResponse(properties);
        };

        RegionHeartbeatResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.change_peer != null && $Object.hasOwnProperty.call(message, "change_peer"))
                $root.pdpb.ChangePeer.encode(message.change_peer, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.transfer_leader != null && $Object.hasOwnProperty.call(message, "transfer_leader"))
                $root.pdpb.TransferLeader.encode(message.transfer_leader, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(32).uint64(message.region_id);
            if (message.region_epoch != null && $Object.hasOwnProperty.call(message, "region_epoch"))
                $root.metapb.RegionEpoch.encode(message.region_epoch, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.target_peer != null && $Object.hasOwnProperty.call(message, "target_peer"))
                $root.metapb.Peer.encode(message.target_peer, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.merge != null && $Object.hasOwnProperty.call(message, "merge"))
                $root.pdpb.Merge.encode(message.merge, writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.split_region != null && $Object.hasOwnProperty.call(message, "split_region"))
                $root.pdpb.SplitRegion.encode(message.split_region, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.change_peer_v2 != null && $Object.hasOwnProperty.call(message, "change_peer_v2"))
                $root.pdpb.ChangePeerV2.encode(message.change_peer_v2, writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RegionHeartbeatResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.RegionHeartbeatResponse();
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
                        message.change_peer = $root.pdpb.ChangePeer.decode(reader, reader.size(), $undefined, _depth + 1, message.change_peer);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.transfer_leader = $root.pdpb.TransferLeader.decode(reader, reader.size(), $undefined, _depth + 1, message.transfer_leader);
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.region_id = value;
                        else
                            delete message.region_id;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.region_epoch = $root.metapb.RegionEpoch.decode(reader, reader.size(), $undefined, _depth + 1, message.region_epoch);
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.target_peer = $root.metapb.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.target_peer);
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.merge = $root.pdpb.Merge.decode(reader, reader.size(), $undefined, _depth + 1, message.merge);
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.split_region = $root.pdpb.SplitRegion.decode(reader, reader.size(), $undefined, _depth + 1, message.split_region);
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.change_peer_v2 = $root.pdpb.ChangePeerV2.decode(reader, reader.size(), $undefined, _depth + 1, message.change_peer_v2);
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

        return RegionHeartbeatResponse;
    })();

    pdpb.AskBatchSplitRequest = (function() {

        const AskBatchSplitRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AskBatchSplitRequest.prototype.header = null;
        AskBatchSplitRequest.prototype.region = null;
        AskBatchSplitRequest.prototype.split_count = 0;

        AskBatchSplitRequest.create = function(properties) {
            return new AskBatchSplitRequest(properties);
        };

        AskBatchSplitRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                $root.metapb.Region.encode(message.region, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.split_count != null && $Object.hasOwnProperty.call(message, "split_count") && message.split_count !== 0)
                writer.uint32(24).uint32(message.split_count);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AskBatchSplitRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.AskBatchSplitRequest();
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
                        message.region = $root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1, message.region);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.split_count = value;
                        else
                            delete message.split_count;
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

        return AskBatchSplitRequest;
    })();

    pdpb.SplitID = (function() {

        const SplitID = function (properties) {
            this.new_peer_ids = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SplitID.prototype.new_region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SplitID.prototype.new_peer_ids = $util.emptyArray;

        SplitID.create = function(properties) {
            return new SplitID(properties);
        };

        SplitID.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.new_region_id != null && $Object.hasOwnProperty.call(message, "new_region_id") && (typeof message.new_region_id === "object" ? message.new_region_id.low || message.new_region_id.high : message.new_region_id !== 0))
                writer.uint32(8).uint64(message.new_region_id);
            if (message.new_peer_ids != null && message.new_peer_ids.length)
                writer.uint32(18).uint64s(message.new_peer_ids);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SplitID.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.SplitID();
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
                            message.new_region_id = value;
                        else
                            delete message.new_region_id;
                        continue;
                    }
                case 2: {
                        if (wireType === 2) {
                            if (!(message.new_peer_ids && message.new_peer_ids.length))
                                message.new_peer_ids = [];
                            reader.uint64s(message.new_peer_ids);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.new_peer_ids && message.new_peer_ids.length))
                            message.new_peer_ids = [];
                        message.new_peer_ids.push(reader.uint64());
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

        return SplitID;
    })();

    pdpb.AskBatchSplitResponse = (function() {

        const AskBatchSplitResponse = function (properties) {
            this.ids = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AskBatchSplitResponse.prototype.header = null;
        AskBatchSplitResponse.prototype.ids = $util.emptyArray;

        AskBatchSplitResponse.create = function(properties) {
            return new AskBatchSplitResponse(properties);
        };

        AskBatchSplitResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ids != null && message.ids.length)
                for (let i = 0; i < message.ids.length; ++i)
                    $root.pdpb.SplitID.encode(message.ids[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AskBatchSplitResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.AskBatchSplitResponse();
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
                        if (!(message.ids && message.ids.length))
                            message.ids = [];
                        message.ids.push($root.pdpb.SplitID.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return AskBatchSplitResponse;
    })();

    pdpb.ReportBatchSplitRequest = (function() {

        const ReportBatchSplitRequest = function (properties) {
            this.regions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ReportBatchSplitRequest.prototype.header = null;
        ReportBatchSplitRequest.prototype.regions = $util.emptyArray;

        ReportBatchSplitRequest.create = function(properties) {
            return new ReportBatchSplitRequest(properties);
        };

        ReportBatchSplitRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.regions != null && message.regions.length)
                for (let i = 0; i < message.regions.length; ++i)
                    $root.metapb.Region.encode(message.regions[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ReportBatchSplitRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.ReportBatchSplitRequest();
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
                        if (!(message.regions && message.regions.length))
                            message.regions = [];
                        message.regions.push($root.metapb.Region.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return ReportBatchSplitRequest;
    })();

    pdpb.ReportBatchSplitResponse = (function() {

        const ReportBatchSplitResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ReportBatchSplitResponse.prototype.header = null;

        ReportBatchSplitResponse.create = function(properties) {
            return new ReportBatchSplitResponse(properties);
        };

        ReportBatchSplitResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ReportBatchSplitResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.ReportBatchSplitResponse();
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

        return ReportBatchSplitResponse;
    })();

    pdpb.UpdateServiceGCSafePointRequest = (function() {

        const UpdateServiceGCSafePointRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UpdateServiceGCSafePointRequest.prototype.header = null;
        UpdateServiceGCSafePointRequest.prototype.service_id = $util.newBuffer([]);
        UpdateServiceGCSafePointRequest.prototype.TTL = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        UpdateServiceGCSafePointRequest.prototype.safe_point = 0n;

        UpdateServiceGCSafePointRequest.create = function(properties) {
            return new UpdateServiceGCSafePointRequest(properties);
        };

        UpdateServiceGCSafePointRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.RequestHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.service_id != null && $Object.hasOwnProperty.call(message, "service_id") && message.service_id.length)
                writer.uint32(18).bytes(message.service_id);
            if (message.TTL != null && $Object.hasOwnProperty.call(message, "TTL") && (typeof message.TTL === "object" ? message.TTL.low || message.TTL.high : message.TTL !== 0))
                writer.uint32(24).int64(message.TTL);
            if (message.safe_point != null && $Object.hasOwnProperty.call(message, "safe_point") && message.safe_point !== 0n)
                writer.uint32(32).uint64($wide.halves(message.safe_point));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UpdateServiceGCSafePointRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.UpdateServiceGCSafePointRequest();
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
                            message.service_id = value;
                        else
                            delete message.service_id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.TTL = value;
                        else
                            delete message.TTL;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.safe_point = value;
                        else
                            delete message.safe_point;
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

        return UpdateServiceGCSafePointRequest;
    })();

    pdpb.UpdateServiceGCSafePointResponse = (function() {

        const UpdateServiceGCSafePointResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UpdateServiceGCSafePointResponse.prototype.header = null;
        UpdateServiceGCSafePointResponse.prototype.service_id = $util.newBuffer([]);
        UpdateServiceGCSafePointResponse.prototype.TTL = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        UpdateServiceGCSafePointResponse.prototype.min_safe_point = 0n;

        UpdateServiceGCSafePointResponse.create = function(properties) {
            return new UpdateServiceGCSafePointResponse(properties);
        };

        UpdateServiceGCSafePointResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.pdpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.service_id != null && $Object.hasOwnProperty.call(message, "service_id") && message.service_id.length)
                writer.uint32(18).bytes(message.service_id);
            if (message.TTL != null && $Object.hasOwnProperty.call(message, "TTL") && (typeof message.TTL === "object" ? message.TTL.low || message.TTL.high : message.TTL !== 0))
                writer.uint32(24).int64(message.TTL);
            if (message.min_safe_point != null && $Object.hasOwnProperty.call(message, "min_safe_point") && message.min_safe_point !== 0n)
                writer.uint32(32).uint64($wide.halves(message.min_safe_point));
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UpdateServiceGCSafePointResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.pdpb.UpdateServiceGCSafePointResponse();
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
                        if ((value = reader.bytes()).length)
                            message.service_id = value;
                        else
                            delete message.service_id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.TTL = value;
                        else
                            delete message.TTL;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.min_safe_point = value;
                        else
                            delete message.min_safe_point;
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

        return UpdateServiceGCSafePointResponse;
    })();

    return pdpb;
})();

export const etcdserverpb = $root.etcdserverpb = (() => {

    const etcdserverpb = {};

    etcdserverpb.ResponseHeader = (function() {

        const ResponseHeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ResponseHeader.prototype.cluster_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ResponseHeader.prototype.member_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ResponseHeader.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        ResponseHeader.prototype.raft_term = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

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
            if (message.member_id != null && $Object.hasOwnProperty.call(message, "member_id") && (typeof message.member_id === "object" ? message.member_id.low || message.member_id.high : message.member_id !== 0))
                writer.uint32(16).uint64(message.member_id);
            if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                writer.uint32(24).int64(message.revision);
            if (message.raft_term != null && $Object.hasOwnProperty.call(message, "raft_term") && (typeof message.raft_term === "object" ? message.raft_term.low || message.raft_term.high : message.raft_term !== 0))
                writer.uint32(32).uint64(message.raft_term);
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
            message = _target || new $root.etcdserverpb.ResponseHeader();
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
                            message.member_id = value;
                        else
                            delete message.member_id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.revision = value;
                        else
                            delete message.revision;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.raft_term = value;
                        else
                            delete message.raft_term;
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

    etcdserverpb.RangeRequest = (function() {

        const RangeRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RangeRequest.prototype.key = $util.newBuffer([]);
        RangeRequest.prototype.range_end = $util.newBuffer([]);
        RangeRequest.prototype.limit = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

        RangeRequest.create = function(properties) {
            return new RangeRequest(properties);
        };

        RangeRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(10).bytes(message.key);
            if (message.range_end != null && $Object.hasOwnProperty.call(message, "range_end") && message.range_end.length)
                writer.uint32(18).bytes(message.range_end);
            if (message.limit != null && $Object.hasOwnProperty.call(message, "limit") && (typeof message.limit === "object" ? message.limit.low || message.limit.high : message.limit !== 0))
                writer.uint32(24).int64(message.limit);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RangeRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.etcdserverpb.RangeRequest();
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
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.range_end = value;
                        else
                            delete message.range_end;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.limit = value;
                        else
                            delete message.limit;
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

        return RangeRequest;
    })();

    etcdserverpb.KeyValue = (function() {

        const KeyValue = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyValue.prototype.key = $util.newBuffer([]);
        KeyValue.prototype.create_revision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        KeyValue.prototype.mod_revision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        KeyValue.prototype.version = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        KeyValue.prototype.value = $util.newBuffer([]);

        KeyValue.create = function(properties) {
            return new KeyValue(properties);
        };

        KeyValue.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(10).bytes(message.key);
            if (message.create_revision != null && $Object.hasOwnProperty.call(message, "create_revision") && (typeof message.create_revision === "object" ? message.create_revision.low || message.create_revision.high : message.create_revision !== 0))
                writer.uint32(16).int64(message.create_revision);
            if (message.mod_revision != null && $Object.hasOwnProperty.call(message, "mod_revision") && (typeof message.mod_revision === "object" ? message.mod_revision.low || message.mod_revision.high : message.mod_revision !== 0))
                writer.uint32(24).int64(message.mod_revision);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                writer.uint32(32).int64(message.version);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(42).bytes(message.value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyValue.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.etcdserverpb.KeyValue();
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
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.create_revision = value;
                        else
                            delete message.create_revision;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.mod_revision = value;
                        else
                            delete message.mod_revision;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 5: {
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

        return KeyValue;
    })();

    etcdserverpb.RangeResponse = (function() {

        const RangeResponse = function (properties) {
            this.kvs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RangeResponse.prototype.header = null;
        RangeResponse.prototype.kvs = $util.emptyArray;
        RangeResponse.prototype.more = false;
        RangeResponse.prototype.count = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

        RangeResponse.create = function(properties) {
            return new RangeResponse(properties);
        };

        RangeResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.etcdserverpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.kvs != null && message.kvs.length)
                for (let i = 0; i < message.kvs.length; ++i)
                    $root.etcdserverpb.KeyValue.encode(message.kvs[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                writer.uint32(24).bool(message.more);
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
                writer.uint32(32).int64(message.count);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RangeResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.etcdserverpb.RangeResponse();
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
                        message.header = $root.etcdserverpb.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.kvs && message.kvs.length))
                            message.kvs = [];
                        message.kvs.push($root.etcdserverpb.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.more = value;
                        else
                            delete message.more;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.count = value;
                        else
                            delete message.count;
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

        return RangeResponse;
    })();

    etcdserverpb.Member = (function() {

        const Member = function (properties) {
            this.peerURLs = [];
            this.clientURLs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Member.prototype.ID = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Member.prototype.name = "";
        Member.prototype.peerURLs = $util.emptyArray;
        Member.prototype.clientURLs = $util.emptyArray;
        Member.prototype.isLearner = false;

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
            if (message.ID != null && $Object.hasOwnProperty.call(message, "ID") && (typeof message.ID === "object" ? message.ID.low || message.ID.high : message.ID !== 0))
                writer.uint32(8).uint64(message.ID);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(18).string(message.name);
            if (message.peerURLs != null && message.peerURLs.length)
                for (let i = 0; i < message.peerURLs.length; ++i)
                    writer.uint32(26).string(message.peerURLs[i]);
            if (message.clientURLs != null && message.clientURLs.length)
                for (let i = 0; i < message.clientURLs.length; ++i)
                    writer.uint32(34).string(message.clientURLs[i]);
            if (message.isLearner != null && $Object.hasOwnProperty.call(message, "isLearner") && message.isLearner !== false)
                writer.uint32(40).bool(message.isLearner);
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
            message = _target || new $root.etcdserverpb.Member();
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
                            message.ID = value;
                        else
                            delete message.ID;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.peerURLs && message.peerURLs.length))
                            message.peerURLs = [];
                        message.peerURLs.push(reader.stringVerify());
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.clientURLs && message.clientURLs.length))
                            message.clientURLs = [];
                        message.clientURLs.push(reader.stringVerify());
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isLearner = value;
                        else
                            delete message.isLearner;
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

    etcdserverpb.MemberListRequest = (function() {

        const MemberListRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MemberListRequest.prototype.linearizable = false;

        MemberListRequest.create = function(properties) {
            return new MemberListRequest(properties);
        };

        MemberListRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.linearizable != null && $Object.hasOwnProperty.call(message, "linearizable") && message.linearizable !== false)
                writer.uint32(8).bool(message.linearizable);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MemberListRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.etcdserverpb.MemberListRequest();
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
                        if (value = reader.bool())
                            message.linearizable = value;
                        else
                            delete message.linearizable;
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

        return MemberListRequest;
    })();

    etcdserverpb.MemberListResponse = (function() {

        const MemberListResponse = function (properties) {
            this.members = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MemberListResponse.prototype.header = null;
        MemberListResponse.prototype.members = $util.emptyArray;

        MemberListResponse.create = function(properties) {
            return new MemberListResponse(properties);
        };

        MemberListResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.etcdserverpb.ResponseHeader.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.members != null && message.members.length)
                for (let i = 0; i < message.members.length; ++i)
                    $root.etcdserverpb.Member.encode(message.members[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MemberListResponse.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.etcdserverpb.MemberListResponse();
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
                        message.header = $root.etcdserverpb.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.members && message.members.length))
                            message.members = [];
                        message.members.push($root.etcdserverpb.Member.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return MemberListResponse;
    })();

    return etcdserverpb;
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

export const cdcpb = $root.cdcpb = (() => {

    const cdcpb = {};

    cdcpb.Header = (function() {

        const Header = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Header.prototype.cluster_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Header.prototype.ticdc_version = "";

        Header.create = function(properties) {
            return new Header(properties);
        };

        Header.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.cluster_id != null && $Object.hasOwnProperty.call(message, "cluster_id") && (typeof message.cluster_id === "object" ? message.cluster_id.low || message.cluster_id.high : message.cluster_id !== 0))
                writer.uint32(8).uint64(message.cluster_id);
            if (message.ticdc_version != null && $Object.hasOwnProperty.call(message, "ticdc_version") && message.ticdc_version !== "")
                writer.uint32(18).string(message.ticdc_version);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Header.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.Header();
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
                        if ((value = reader.stringVerify()).length)
                            message.ticdc_version = value;
                        else
                            delete message.ticdc_version;
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

        return Header;
    })();

    cdcpb.DuplicateRequest = (function() {

        const DuplicateRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        DuplicateRequest.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        DuplicateRequest.create = function(properties) {
            return new DuplicateRequest(properties);
        };

        DuplicateRequest.encode = function (message, writer, _depth) {
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

        DuplicateRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.DuplicateRequest();
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

        return DuplicateRequest;
    })();

    cdcpb.Compatibility = (function() {

        const Compatibility = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Compatibility.prototype.required_version = "";

        Compatibility.create = function(properties) {
            return new Compatibility(properties);
        };

        Compatibility.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.required_version != null && $Object.hasOwnProperty.call(message, "required_version") && message.required_version !== "")
                writer.uint32(10).string(message.required_version);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Compatibility.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.Compatibility();
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
                            message.required_version = value;
                        else
                            delete message.required_version;
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

        return Compatibility;
    })();

    cdcpb.ClusterIDMismatch = (function() {

        const ClusterIDMismatch = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ClusterIDMismatch.prototype.current = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ClusterIDMismatch.prototype.request = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        ClusterIDMismatch.create = function(properties) {
            return new ClusterIDMismatch(properties);
        };

        ClusterIDMismatch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.current != null && $Object.hasOwnProperty.call(message, "current") && (typeof message.current === "object" ? message.current.low || message.current.high : message.current !== 0))
                writer.uint32(8).uint64(message.current);
            if (message.request != null && $Object.hasOwnProperty.call(message, "request") && (typeof message.request === "object" ? message.request.low || message.request.high : message.request !== 0))
                writer.uint32(16).uint64(message.request);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ClusterIDMismatch.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.ClusterIDMismatch();
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
                            message.current = value;
                        else
                            delete message.current;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.request = value;
                        else
                            delete message.request;
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

        return ClusterIDMismatch;
    })();

    cdcpb.Congested = (function() {

        const Congested = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Congested.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        Congested.create = function(properties) {
            return new Congested(properties);
        };

        Congested.encode = function (message, writer, _depth) {
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

        Congested.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.Congested();
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

        return Congested;
    })();

    cdcpb.Error = (function() {

        const Error = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Error.prototype.not_leader = null;
        Error.prototype.region_not_found = null;
        Error.prototype.epoch_not_match = null;
        Error.prototype.duplicate_request = null;
        Error.prototype.compatibility = null;
        Error.prototype.cluster_id_mismatch = null;
        Error.prototype.server_is_busy = null;
        Error.prototype.congested = null;
        Error.prototype.region_error = null;

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
            if (message.not_leader != null && $Object.hasOwnProperty.call(message, "not_leader"))
                $root.errorpb.NotLeader.encode(message.not_leader, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.region_not_found != null && $Object.hasOwnProperty.call(message, "region_not_found"))
                $root.errorpb.RegionNotFound.encode(message.region_not_found, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.epoch_not_match != null && $Object.hasOwnProperty.call(message, "epoch_not_match"))
                $root.errorpb.EpochNotMatch.encode(message.epoch_not_match, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.duplicate_request != null && $Object.hasOwnProperty.call(message, "duplicate_request"))
                $root.cdcpb.DuplicateRequest.encode(message.duplicate_request, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.compatibility != null && $Object.hasOwnProperty.call(message, "compatibility"))
                $root.cdcpb.Compatibility.encode(message.compatibility, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.cluster_id_mismatch != null && $Object.hasOwnProperty.call(message, "cluster_id_mismatch"))
                $root.cdcpb.ClusterIDMismatch.encode(message.cluster_id_mismatch, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.server_is_busy != null && $Object.hasOwnProperty.call(message, "server_is_busy"))
                $root.errorpb.ServerIsBusy.encode(message.server_is_busy, writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.congested != null && $Object.hasOwnProperty.call(message, "congested"))
                $root.cdcpb.Congested.encode(message.congested, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.region_error != null && $Object.hasOwnProperty.call(message, "region_error"))
                $root.errorpb.Error.encode(message.region_error, writer.uint32(80010).fork(), _depth + 1).ldelim();
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
            message = _target || new $root.cdcpb.Error();
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
                        message.not_leader = $root.errorpb.NotLeader.decode(reader, reader.size(), $undefined, _depth + 1, message.not_leader);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.region_not_found = $root.errorpb.RegionNotFound.decode(reader, reader.size(), $undefined, _depth + 1, message.region_not_found);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.epoch_not_match = $root.errorpb.EpochNotMatch.decode(reader, reader.size(), $undefined, _depth + 1, message.epoch_not_match);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.duplicate_request = $root.cdcpb.DuplicateRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.duplicate_request);
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.compatibility = $root.cdcpb.Compatibility.decode(reader, reader.size(), $undefined, _depth + 1, message.compatibility);
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.cluster_id_mismatch = $root.cdcpb.ClusterIDMismatch.decode(reader, reader.size(), $undefined, _depth + 1, message.cluster_id_mismatch);
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.server_is_busy = $root.errorpb.ServerIsBusy.decode(reader, reader.size(), $undefined, _depth + 1, message.server_is_busy);
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.congested = $root.cdcpb.Congested.decode(reader, reader.size(), $undefined, _depth + 1, message.congested);
                        continue;
                    }
                case 10001: {
                        if (wireType !== 2)
                            break;
                        message.region_error = $root.errorpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.region_error);
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

    cdcpb.Row = (function() {

        const Row = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Row.prototype.start_ts = 0n;
        Row.prototype.commit_ts = 0n;
        Row.prototype.type = 0;
        Row.prototype.op_type = 0;
        Row.prototype.key = $util.newBuffer([]);
        Row.prototype.value = $util.newBuffer([]);
        Row.prototype.old_value = $util.newBuffer([]);
        Row.prototype.has_old_value = false;

        Row.create = function(properties) {
            return new Row(properties);
        };

        Row.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.start_ts != null && $Object.hasOwnProperty.call(message, "start_ts") && message.start_ts !== 0n)
                writer.uint32(8).uint64($wide.halves(message.start_ts));
            if (message.commit_ts != null && $Object.hasOwnProperty.call(message, "commit_ts") && message.commit_ts !== 0n)
                writer.uint32(16).uint64($wide.halves(message.commit_ts));
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                writer.uint32(24).uint32(message.type);
            if (message.op_type != null && $Object.hasOwnProperty.call(message, "op_type") && message.op_type !== 0)
                writer.uint32(32).uint32(message.op_type);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(42).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(50).bytes(message.value);
            if (message.old_value != null && $Object.hasOwnProperty.call(message, "old_value") && message.old_value.length)
                writer.uint32(58).bytes(message.old_value);
            if (message.has_old_value != null && $Object.hasOwnProperty.call(message, "has_old_value") && message.has_old_value !== false)
                writer.uint32(80008).bool(message.has_old_value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Row.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.Row();
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
                        if ((value = $wide.read(reader)) !== 0n)
                            message.start_ts = value;
                        else
                            delete message.start_ts;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.commit_ts = value;
                        else
                            delete message.commit_ts;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.op_type = value;
                        else
                            delete message.op_type;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.old_value = value;
                        else
                            delete message.old_value;
                        continue;
                    }
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.has_old_value = value;
                        else
                            delete message.has_old_value;
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

        return Row;
    })();

    cdcpb.Entries = (function() {

        const Entries = function (properties) {
            this.entries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Entries.prototype.entries = $util.emptyArray;

        Entries.create = function(properties) {
            return new Entries(properties);
        };

        Entries.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    $root.cdcpb.Row.encode(message.entries[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Entries.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.Entries();
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
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push($root.cdcpb.Row.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return Entries;
    })();

    cdcpb.Event = (function() {

        const Event = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Event.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Event.prototype.index = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Event.prototype.request_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Event.prototype.entries = null;
        Event.prototype.error = null;

        let $oneOfFields;

        $Object.defineProperty(Event.prototype, "event", {
            get: $util.oneOfGetter($oneOfFields = ["entries", "error"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        Event.create = function(properties) {
            return new Event(properties);
        };

        Event.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(8).uint64(message.region_id);
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && (typeof message.index === "object" ? message.index.low || message.index.high : message.index !== 0))
                writer.uint32(16).uint64(message.index);
            if (message.entries != null && $Object.hasOwnProperty.call(message, "entries"))
                $root.cdcpb.Entries.encode(message.entries, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.cdcpb.Error.encode(message.error, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.request_id != null && $Object.hasOwnProperty.call(message, "request_id") && (typeof message.request_id === "object" ? message.request_id.low || message.request_id.high : message.request_id !== 0))
                writer.uint32(56).uint64(message.request_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Event.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.Event();
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
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.request_id = value;
                        else
                            delete message.request_id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.entries = $root.cdcpb.Entries.decode(reader, reader.size(), $undefined, _depth + 1, message.entries);
                        message.event = "entries";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.error = $root.cdcpb.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        message.event = "error";
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

        return Event;
    })();

    cdcpb.ResolvedTs = (function() {

        const ResolvedTs = function (properties) {
            this.regions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ResolvedTs.prototype.regions = $util.emptyArray;
        ResolvedTs.prototype.ts = 0n;
        ResolvedTs.prototype.request_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        ResolvedTs.create = function(properties) {
            return new ResolvedTs(properties);
        };

        ResolvedTs.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.regions != null && message.regions.length)
                writer.uint32(10).uint64s(message.regions);
            if (message.ts != null && $Object.hasOwnProperty.call(message, "ts") && message.ts !== 0n)
                writer.uint32(16).uint64($wide.halves(message.ts));
            if (message.request_id != null && $Object.hasOwnProperty.call(message, "request_id") && (typeof message.request_id === "object" ? message.request_id.low || message.request_id.high : message.request_id !== 0))
                writer.uint32(24).uint64(message.request_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ResolvedTs.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.ResolvedTs();
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
                            if (!(message.regions && message.regions.length))
                                message.regions = [];
                            reader.uint64s(message.regions);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.regions && message.regions.length))
                            message.regions = [];
                        message.regions.push(reader.uint64());
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.ts = value;
                        else
                            delete message.ts;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.request_id = value;
                        else
                            delete message.request_id;
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

        return ResolvedTs;
    })();

    cdcpb.ChangeDataEvent = (function() {

        const ChangeDataEvent = function (properties) {
            this.events = [];
            this.held = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ChangeDataEvent.prototype.events = $util.emptyArray;
        ChangeDataEvent.prototype.resolved_ts = null;
        ChangeDataEvent.prototype.held = $util.emptyArray;

        ChangeDataEvent.create = function(properties) {
            return new ChangeDataEvent(properties);
        };

        ChangeDataEvent.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.events != null && message.events.length)
                for (let i = 0; i < message.events.length; ++i)
                    $root.cdcpb.Event.encode(message.events[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.resolved_ts != null && $Object.hasOwnProperty.call(message, "resolved_ts"))
                $root.cdcpb.ResolvedTs.encode(message.resolved_ts, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.held != null && message.held.length)
                for (let i = 0; i < message.held.length; ++i)
                    $root.kvrpcpb.LockInfo.encode(message.held[i], writer.uint32(80010).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ChangeDataEvent.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.ChangeDataEvent();
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
                        if (!(message.events && message.events.length))
                            message.events = [];
                        message.events.push($root.cdcpb.Event.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.resolved_ts = $root.cdcpb.ResolvedTs.decode(reader, reader.size(), $undefined, _depth + 1, message.resolved_ts);
                        continue;
                    }
                case 10001: {
                        if (wireType !== 2)
                            break;
                        if (!(message.held && message.held.length))
                            message.held = [];
                        message.held.push($root.kvrpcpb.LockInfo.decode(reader, reader.size(), $undefined, _depth + 1));
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

        return ChangeDataEvent;
    })();

    cdcpb.Register = (function() {

        const Register = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Register.create = function(properties) {
            return new Register(properties);
        };

        Register.encode = function (message, writer, _depth) {
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

        Register.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.Register();
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

        return Register;
    })();

    cdcpb.NotifyTxnStatus = (function() {

        const NotifyTxnStatus = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        NotifyTxnStatus.create = function(properties) {
            return new NotifyTxnStatus(properties);
        };

        NotifyTxnStatus.encode = function (message, writer, _depth) {
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

        NotifyTxnStatus.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.NotifyTxnStatus();
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

        return NotifyTxnStatus;
    })();

    cdcpb.Deregister = (function() {

        const Deregister = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Deregister.create = function(properties) {
            return new Deregister(properties);
        };

        Deregister.encode = function (message, writer, _depth) {
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

        Deregister.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.Deregister();
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

        return Deregister;
    })();

    cdcpb.ChangeDataRequest = (function() {

        const ChangeDataRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ChangeDataRequest.prototype.header = null;
        ChangeDataRequest.prototype.region_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ChangeDataRequest.prototype.region_epoch = null;
        ChangeDataRequest.prototype.checkpoint_ts = 0n;
        ChangeDataRequest.prototype.start_key = $util.newBuffer([]);
        ChangeDataRequest.prototype.end_key = $util.newBuffer([]);
        ChangeDataRequest.prototype.request_id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ChangeDataRequest.prototype.extra_op = 0;
        ChangeDataRequest.prototype.register = null;
        ChangeDataRequest.prototype.notify_txn_status = null;
        ChangeDataRequest.prototype.deregister = null;
        ChangeDataRequest.prototype.kv_api = 0;
        ChangeDataRequest.prototype.filter_loop = false;
        ChangeDataRequest.prototype.scan_priority = 0;
        ChangeDataRequest.prototype.whole_rows = false;

        let $oneOfFields;

        $Object.defineProperty(ChangeDataRequest.prototype, "request", {
            get: $util.oneOfGetter($oneOfFields = ["register", "notify_txn_status", "deregister"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        ChangeDataRequest.create = function(properties) {
            return new ChangeDataRequest(properties);
        };

        ChangeDataRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.cdcpb.Header.encode(message.header, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.region_id != null && $Object.hasOwnProperty.call(message, "region_id") && (typeof message.region_id === "object" ? message.region_id.low || message.region_id.high : message.region_id !== 0))
                writer.uint32(16).uint64(message.region_id);
            if (message.region_epoch != null && $Object.hasOwnProperty.call(message, "region_epoch"))
                $root.metapb.RegionEpoch.encode(message.region_epoch, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.checkpoint_ts != null && $Object.hasOwnProperty.call(message, "checkpoint_ts") && message.checkpoint_ts !== 0n)
                writer.uint32(32).uint64($wide.halves(message.checkpoint_ts));
            if (message.start_key != null && $Object.hasOwnProperty.call(message, "start_key") && message.start_key.length)
                writer.uint32(42).bytes(message.start_key);
            if (message.end_key != null && $Object.hasOwnProperty.call(message, "end_key") && message.end_key.length)
                writer.uint32(50).bytes(message.end_key);
            if (message.request_id != null && $Object.hasOwnProperty.call(message, "request_id") && (typeof message.request_id === "object" ? message.request_id.low || message.request_id.high : message.request_id !== 0))
                writer.uint32(56).uint64(message.request_id);
            if (message.extra_op != null && $Object.hasOwnProperty.call(message, "extra_op") && message.extra_op !== 0)
                writer.uint32(64).uint32(message.extra_op);
            if (message.register != null && $Object.hasOwnProperty.call(message, "register"))
                $root.cdcpb.Register.encode(message.register, writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.notify_txn_status != null && $Object.hasOwnProperty.call(message, "notify_txn_status"))
                $root.cdcpb.NotifyTxnStatus.encode(message.notify_txn_status, writer.uint32(82).fork(), _depth + 1).ldelim();
            if (message.kv_api != null && $Object.hasOwnProperty.call(message, "kv_api") && message.kv_api !== 0)
                writer.uint32(88).uint32(message.kv_api);
            if (message.filter_loop != null && $Object.hasOwnProperty.call(message, "filter_loop") && message.filter_loop !== false)
                writer.uint32(96).bool(message.filter_loop);
            if (message.deregister != null && $Object.hasOwnProperty.call(message, "deregister"))
                $root.cdcpb.Deregister.encode(message.deregister, writer.uint32(106).fork(), _depth + 1).ldelim();
            if (message.scan_priority != null && $Object.hasOwnProperty.call(message, "scan_priority") && message.scan_priority !== 0)
                writer.uint32(112).uint32(message.scan_priority);
            if (message.whole_rows != null && $Object.hasOwnProperty.call(message, "whole_rows") && message.whole_rows !== false)
                writer.uint32(80008).bool(message.whole_rows);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ChangeDataRequest.decode = function (reader, length, _end, _depth, _target) {
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
            message = _target || new $root.cdcpb.ChangeDataRequest();
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
                        message.header = $root.cdcpb.Header.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
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
                        message.region_epoch = $root.metapb.RegionEpoch.decode(reader, reader.size(), $undefined, _depth + 1, message.region_epoch);
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if ((value = $wide.read(reader)) !== 0n)
                            message.checkpoint_ts = value;
                        else
                            delete message.checkpoint_ts;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start_key = value;
                        else
                            delete message.start_key;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end_key = value;
                        else
                            delete message.end_key;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.request_id = value;
                        else
                            delete message.request_id;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.extra_op = value;
                        else
                            delete message.extra_op;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.register = $root.cdcpb.Register.decode(reader, reader.size(), $undefined, _depth + 1, message.register);
                        message.request = "register";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.notify_txn_status = $root.cdcpb.NotifyTxnStatus.decode(reader, reader.size(), $undefined, _depth + 1, message.notify_txn_status);
                        message.request = "notify_txn_status";
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        message.deregister = $root.cdcpb.Deregister.decode(reader, reader.size(), $undefined, _depth + 1, message.deregister);
                        message.request = "deregister";
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.kv_api = value;
                        else
                            delete message.kv_api;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.filter_loop = value;
                        else
                            delete message.filter_loop;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.scan_priority = value;
                        else
                            delete message.scan_priority;
                        continue;
                    }
                case 10001: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.whole_rows = value;
                        else
                            delete message.whole_rows;
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

        return ChangeDataRequest;
    })();

    return cdcpb;
})();

export {
  $root as default
};
